import { FobError } from "../../errors.ts";
import { refused } from "./read_text.ts";

/**
 * Appends `lines` to the file in which a CI service collects variables for the next steps (`GITHUB_ENV`). Calls
 * `announce` before, which prints the values that the service must mask in its logs.
 *
 * @throws {FobError} `usage` if standard output is redirected to the same file: the service would show the
 * printed lines in its log. The file is then restored. `io_failed` for an error of the system.
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
      throw new FobError("usage", "Standard output is redirected to the file that fob writes", {
        facts: { example: "fob auth env --shell github, without >>" },
      });
    }
    const gap = await endsLine(path) ? "" : "\n";
    await Deno.writeTextFile(path, gap + lines, { append: true, create: false });
  } catch (error) {
    throw refused(error, `Cannot write "${path}"`);
  }
}

/** Whether the file is empty or ends with a line break. */
async function endsLine(path: string): Promise<boolean> {
  using file = await Deno.open(path, { read: true });
  if ((await file.stat()).size === 0) return true;
  const last = new Uint8Array(1);
  await file.seek(-1, Deno.SeekMode.End);
  await file.read(last);
  return last[0] === 0x0a;
}
