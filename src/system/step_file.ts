import { FobError } from "../errors.ts";
import { refused } from "./user_file.ts";

/**
 * Appends `lines` to the file by which a CI service takes what a step leaves for the next, once `announce` has
 * told the service what to keep out of its logs.
 *
 * @throws {FobError} `usage` where what `announce` prints goes into that very file, which is then as it was:
 * the service would show it in the log, as a line that it cannot read. `io_failed` for what the system refuses.
 */
export async function appendToStep(
  path: string,
  lines: string,
  announce: () => void,
): Promise<void> {
  try {
    const { size } = await Deno.stat(path);
    announce();
    if ((await Deno.stat(path)).size > size) {
      await Deno.truncate(path, size);
      throw new FobError("usage", "The output goes into the file that fob writes to itself", {
        facts: { example: "fob auth env --shell github, without >>" },
      });
    }
    await Deno.writeTextFile(path, lines, { append: true, create: false });
  } catch (error) {
    throw refused(error, `Cannot write "${path}"`);
  }
}
