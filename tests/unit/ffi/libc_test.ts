import assert from "node:assert/strict";
import { makeTemporaryDirectory } from "../../fakes/machine/temporary_directory.ts";

const ignore = Deno.build.os !== "linux";
const libc = new URL("../../../ffi/libc.ts", import.meta.url);

/** Runs `script` with ffi/libc.ts imported as `libc`, by the executable at `path`; its standard output. */
async function evaluate(path: string, script: string): Promise<string> {
  const code = `import * as libc from "${libc}"; console.log(${script});`;
  const { stdout } = await new Deno.Command(path, {
    args: ["eval", "--no-config", "--no-check", code],
  }).output();
  return new TextDecoder().decode(stdout).trim();
}

Deno.test(
  { name: "a process knows by which name it was called, a link's too", ignore },
  async () => {
    await using directory = await makeTemporaryDirectory();
    const link = `${directory.path}/other name`;
    await Deno.symlink(Deno.execPath(), link);
    assert.equal(await evaluate(link, 'libc.processName("self")'), "other name");
  },
);

Deno.test(
  { name: "a process is as old as it is, two ticks at most left out", ignore },
  async () => {
    const before = Date.now();
    const script = "libc.processAge() <= Date.now() - " + before + " && libc.processAge() > 0";
    assert.equal(await evaluate(Deno.execPath(), script), "true");
  },
);
