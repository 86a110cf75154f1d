import assert from "node:assert/strict";
import { otherTools } from "../../../src/system/other_tools.ts";
import { environmentOf } from "../../fakes/machine/environment.ts";
import {
  makeTemporaryDirectory,
  type TemporaryDirectory,
} from "../../fakes/machine/temporary_directory.ts";

const ignore = Deno.build.os === "windows";

/** A home directory with program directories, and `fob` in the first of them. */
async function openHome(...directories: readonly string[]): Promise<TemporaryDirectory> {
  const home = await makeTemporaryDirectory();
  for (const directory of directories) {
    await Deno.mkdir(`${home.path}/${directory}`, { recursive: true });
  }
  await Deno.writeTextFile(`${home.path}/${directories[0]}/fob`, "#!/bin/sh\n", { mode: 0o755 });
  return home;
}

function toolsIn({ path }: TemporaryDirectory, ...onPath: readonly string[]): ReturnType<
  typeof otherTools
> {
  const PATH = onPath.map((directory) => `${path}/${directory}`).join(":");
  return otherTools(environmentOf({ PATH, HOME: path }));
}

Deno.test({
  name: "the path for other tools is the one on PATH; without one it is an error",
  ignore,
  fn: async () => {
    await using home = await openHome("opt", ".local/bin");
    const tools = toolsIn(home, "opt", ".local/bin");
    assert.equal(await tools.ownPath(), `${home.path}/opt/fob`);
    await assert.rejects(toolsIn(home, ".local/bin").ownPath(), { code: "declined" });
  },
});

Deno.test({
  name:
    "links go beside fob, else into a person's own folder, and nowhere that PATH does not lead to",
  ignore,
  fn: async () => {
    await using home = await openHome("opt", ".local/bin", "bin");
    const killed = `${home.path}/bin/.fob.fob-0123456789abcdef`;
    await Deno.writeTextFile(killed, "");
    await Deno.utime(killed, 0, 0);
    const found = await toolsIn(home, "opt", "bin", "elsewhere").binDirectories();
    assert.deepEqual(found, [`${home.path}/opt`, `${home.path}/bin`]);
    const names = await Array.fromAsync(Deno.readDir(`${home.path}/bin`));
    assert.deepEqual(names, [], "a test leaves no file, and removes the file of a killed one");
  },
});

Deno.test({
  name: "a link to fob is recognized by its target, also through another link",
  ignore,
  fn: async () => {
    await using home = await openHome("opt");
    const tools = toolsIn(home, "opt");
    const at = (name: string): string => `${home.path}/${name}`;
    await tools.link(at("plugins/one"));
    await Deno.symlink(at("plugins/one"), at("two"));
    await Deno.symlink(at("nowhere"), at("three"));
    await Deno.writeTextFile(at("four"), "#!/bin/sh\n");
    const leads = await Promise.all(
      ["plugins/one", "two", "three", "four", "five"].map((name) => tools.leadsTo(at(name))),
    );
    assert.deepEqual(leads, ["fob", "fob", "other", "other", "nothing"]);
  },
});

Deno.test("the output of a program is returned, and a missing program is an error", async () => {
  const tools = otherTools(environmentOf({}));
  const ran = await tools.run(Deno.execPath(), ["eval", "console.log('a'); Deno.exit(3)"]);
  assert.deepEqual([ran.code, ran.stdout.trim()], [3, "a"]);
  await assert.rejects(tools.run("fob-no-such-program", []), { code: "command_not_found" });
});
