import assert from "node:assert/strict";
import { otherTools } from "../../../src/system/other_tools.ts";
import { environmentOf } from "../../fakes/machine/environment.ts";
import {
  makeTemporaryDirectory,
  type TemporaryDirectory,
} from "../../fakes/machine/temporary_directory.ts";

const ignore = Deno.build.os === "windows";

/** A home with directories for programs, and `fob` in the first of them. */
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
  name: "the path that other tools run is the one on PATH, and without one that is said",
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
    assert.deepEqual(names, [], "trying leaves nothing, and removes what a killed try left");
  },
});

Deno.test({
  name: "a link is known for one to fob by where it leads, also through another",
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

Deno.test("what a program says is taken from it, and one that is not there is told as that", async () => {
  const tools = otherTools(environmentOf({}));
  const ran = await tools.run(Deno.execPath(), ["eval", "console.log('a'); Deno.exit(3)"]);
  assert.deepEqual([ran.code, ran.stdout.trim()], [3, "a"]);
  await assert.rejects(tools.run("fob-no-such-program", []), { code: "command_not_found" });
});
