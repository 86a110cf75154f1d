import assert from "node:assert/strict";
import { findMissing, type Machine, type Rig, rigs } from "../../../../scripts/testing/rigs.ts";

/** A machine that has everything except `lacks`. */
function machineWithout(...lacks: string[]): Machine & { tried: string[] } {
  const tried: string[] = [];
  return {
    tried,
    isRoot: !lacks.includes("root"),
    hasCommand: (name) => Promise.resolve(!lacks.includes(name)),
    hasLibrary: (name) => !lacks.includes(name),
    hasFile: (path) => Promise.resolve(!lacks.some((name) => path.endsWith(name))),
    succeeds: (command) => {
      tried.push(command.join(" "));
      return Promise.resolve(!lacks.includes(command.join(" ")));
    },
  };
}

const table: Rig[] = [
  { name: "one", commands: ["a", "b"], libraries: ["l"], packages: ["pa", "pl"] },
  {
    name: "two",
    commands: ["c"],
    libraries: [],
    packages: ["pc"],
    isForRoot: true,
    trial: ["c", "-x"],
  },
];

Deno.test("a machine with every program misses no rig", async () => {
  const machine = machineWithout();
  assert.deepEqual(await findMissing(table, machine), []);
  assert.deepEqual(machine.tried, ["c -x"]);
});

Deno.test("a rig with a missing command or library is reported with its packages", async () => {
  assert.deepEqual(await findMissing(table, machineWithout("b", "l")), [
    { name: "one", lacks: ["b", "l"], packages: ["pa", "pl"] },
  ]);
});

Deno.test("a trial is not run if its command is missing", async () => {
  const machine = machineWithout("c", "root");
  assert.deepEqual(await findMissing(table, machine), [
    { name: "two", lacks: ["c"], packages: ["pc"] },
  ]);
  assert.deepEqual(machine.tried, []);
});

Deno.test("no package is reported if the rig needs root or its trial fails", async () => {
  assert.deepEqual(await findMissing(table, machineWithout("root")), [
    { name: "two", lacks: ["root"], packages: [] },
  ]);
  assert.deepEqual(await findMissing(table, machineWithout("c -x")), [
    { name: "two", lacks: ['a working "c -x"'], packages: [] },
  ]);
});

Deno.test("a rig with a missing npm file is reported without Debian packages", async () => {
  const npmFile = { package: "@scope/name", version: "1.2.3", integrity: "", path: "program.exe" };
  const rig: Rig = { name: "three", commands: ["c"], libraries: [], packages: ["pc"], npmFile };
  assert.deepEqual(await findMissing([rig], machineWithout()), []);
  assert.deepEqual(await findMissing([rig], machineWithout("scope-name-1.2.3/program.exe")), [
    { name: "three", lacks: ["program.exe of @scope/name"], packages: [] },
  ]);
});

Deno.test("every rig has a unique name, a requirement and a Debian package", () => {
  assert.equal(new Set(rigs.map((rig) => rig.name)).size, rigs.length);
  for (const { name, commands, libraries, packages } of rigs) {
    assert.ok(commands.length + libraries.length > 0, name);
    assert.ok(packages.length > 0, name);
  }
});
