import { FobError } from "../../errors.ts";
import { refused } from "./text_file.ts";

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

/** Whether what is appended to the file begins a line: what a step has written there may not end with one. */
async function endsLine(path: string): Promise<boolean> {
  using file = await Deno.open(path, { read: true });
  if ((await file.stat()).size === 0) return true;
  const last = new Uint8Array(1);
  await file.seek(-1, Deno.SeekMode.End);
  await file.read(last);
  return last[0] === 0x0a;
}
