import assert from "node:assert/strict";
import { makeTemporaryDirectory } from "../../fakes/machine/temporary_directory.ts";

const ignore = Deno.build.os !== "linux";
const libc = new URL("../../../ffi/libc.ts", import.meta.url);

/** The standard output of `script`, run by the executable at `path` with ffi/libc.ts imported as `libc`. */
async function evaluate(path: string, script: string): Promise<string> {
  const code = `import * as libc from "${libc}"; console.log(${script});`;
  const { stdout } = await new Deno.Command(path, {
    args: ["eval", "--no-config", "--no-check", code],
  }).output();
  return new TextDecoder().decode(stdout).trim();
}

Deno.test(
  {
    name: "processName returns the name that a process was called by, also through a link",
    ignore,
  },
  async () => {
    await using directory = await makeTemporaryDirectory();
    const link = `${directory.path}/other name`;
    await Deno.symlink(Deno.execPath(), link);
    assert.equal(await evaluate(link, 'libc.processName("self")'), "other name");
  },
);

Deno.test(
  { name: "processAge is at most two ticks below the age of the process", ignore },
  async () => {
    const before = Date.now();
    const script = "libc.processAge() <= Date.now() - " + before + " && libc.processAge() > 0";
    assert.equal(await evaluate(Deno.execPath(), script), "true");
  },
);
