import assert from "node:assert/strict";
import { connect } from "../../../src/connect/connect.ts";
import { disconnect } from "../../../src/connect/disconnect.ts";
import { planConnection } from "../../../src/connect/plan.ts";
import type { Change, SettingsChange } from "../../../src/connect/tool.ts";
import { FobError } from "../../../src/errors.ts";
import { otherTools } from "../../../src/system/other_tools.ts";
import {
  type ConnectMachine,
  openConnectMachine,
  settings,
} from "../../fakes/machine/connect_machine.ts";
import { environmentOf } from "../../fakes/machine/environment.ts";
import { modeOf } from "../../fakes/machine/temporary_directory.ts";

const odd = '{ \r\n\t"a":  1 ,\r\n  "token": "hunter2"\r\n}';
const edit = { key: ["helpers", "example.com"], value: "fob" };
const tool = { tool: "tool" };
const ignore = Deno.build.os === "windows";

function connectOdd(machine: ConnectMachine, value = "fob"): ReturnType<typeof connect> {
  return connect("tool", [settings(machine.at("s.json"), { ...edit, value })], machine.needs);
}

Deno.test("undoing a connection restores a file, byte for byte", async () => {
  await using machine = await openConnectMachine();
  await machine.write("s.json", odd);
  await connectOdd(machine);
  assert.match(await machine.read("s.json") ?? "", /"hunter2",\r\n\t"helpers": \{/);
  assert.deepEqual(await machine.names(), ["s.json", "s.json.connect.fob-backup"]);
  assert.deepEqual(await connectOdd(machine), []);
  const undone = await disconnect(tool, machine.needs);
  assert.deepEqual(undone, [{ path: machine.at("s.json"), outcome: "restored" }]);
  assert.equal(await machine.read("s.json"), odd);
  assert.deepEqual(await machine.names(), ["s.json"]);
  assert.equal(machine.notes.texts.size, 0);
});

Deno.test({
  name: "a link stays a link and a mode stays; only the owner can read the backup",
  ignore,
  fn: async () => {
    await using machine = await openConnectMachine();
    await machine.write("real.json", odd, 0o644);
    await Deno.symlink("real.json", machine.at("s.json"));
    await connectOdd(machine);
    assert.equal(await Deno.readLink(machine.at("s.json")), "real.json");
    assert.equal(await modeOf(machine.at("real.json")), 0o644);
    assert.equal(await modeOf(machine.at("s.json.connect.fob-backup")), 0o600);
    await disconnect(tool, machine.needs);
    assert.equal(await Deno.readLink(machine.at("s.json")), "real.json");
    assert.equal(await modeOf(machine.at("real.json")), 0o644);
    assert.equal(await machine.read("real.json"), odd);
  },
});

Deno.test("the record contains no text of the file", async () => {
  await using machine = await openConnectMachine();
  await machine.write("s.json", odd);
  await connectOdd(machine);
  assert.doesNotMatch([...machine.notes.texts.values()].join(), /hunter2|"a"/);
});

Deno.test("after undo, a file that did not exist is gone and an empty file is empty", async () => {
  for (const text of [undefined, "", "\n"]) {
    await using machine = await openConnectMachine();
    if (text !== undefined) await machine.write("s.json", text);
    await connectOdd(machine);
    await disconnect(tool, machine.needs);
    assert.equal(await machine.read("s.json"), text);
    assert.deepEqual(await machine.names(), text === undefined ? [] : ["s.json"]);
  }
});

Deno.test("if another program has changed the file too, undo removes only fob's settings", async () => {
  await using machine = await openConnectMachine();
  await machine.write("s.json", odd);
  await connectOdd(machine);
  const text = await machine.read("s.json") ?? "";
  await machine.write("s.json", text.replace('"a":  1', '"a":  2'));
  const undone = await disconnect(tool, machine.needs);
  assert.deepEqual(undone.map(({ outcome }) => outcome), ["edited"]);
  assert.equal(await machine.read("s.json"), odd.replace('"a":  1', '"a":  2'));
  assert.deepEqual(await machine.names(), ["s.json"]);
});

Deno.test("undo keeps a value with which another program replaced fob's", async () => {
  await using machine = await openConnectMachine();
  await machine.write("s.json", odd);
  await connectOdd(machine);
  const text = (await machine.read("s.json") ?? "").replace('"fob"', '"theirs"');
  await machine.write("s.json", text);
  const undone = await disconnect(tool, machine.needs);
  assert.deepEqual(undone.map(({ outcome }) => outcome), ["left"]);
  assert.equal(await machine.read("s.json"), text);
});

Deno.test("the previous value is restored after it was set twice and another program wrote", async () => {
  await using machine = await openConnectMachine();
  const before = '{"helpers": {"example.com": "theirs"}}';
  await machine.write("s.json", before);
  await connectOdd(machine);
  await connectOdd(machine, "other");
  await machine.write("s.json", `${await machine.read("s.json")}\n`);
  await disconnect(tool, machine.needs);
  assert.equal(await machine.read("s.json"), `${before}\n`);
});

Deno.test("undo removes the settings of two hosts with another program's change in between", async () => {
  await using machine = await openConnectMachine();
  await machine.write("s.json", odd);
  await connectOdd(machine);
  const text = await machine.read("s.json") ?? "";
  await machine.write("s.json", `${text}\n`);
  const other = { key: ["helpers", "other.example.com"], value: "fob" };
  await connect("tool", [settings(machine.at("s.json"), other)], machine.needs);
  await disconnect(tool, machine.needs);
  assert.equal(await machine.read("s.json"), `${odd}\n`);
});

Deno.test("a plan changes nothing", async () => {
  await using machine = await openConnectMachine();
  await machine.write("s.json", odd);
  const [plan] = await planConnection(
    "tool",
    [settings(machine.at("s.json"), edit)],
    machine.needs,
  );
  assert.equal(plan?.kind, "settings");
  assert.deepEqual([await machine.read("s.json"), await machine.names()], [odd, ["s.json"]]);
  assert.equal(machine.notes.texts.size, 0);
});

Deno.test("the file that the tool reads is changed, and an optional one is not created", async () => {
  await using machine = await openConnectMachine();
  const change = settings(machine.at("new.json"), edit) as SettingsChange;
  const changes: Change[] = [
    { ...change, older: machine.at("old.json") },
    { ...change, path: machine.at("other.json"), isOptional: true },
  ];
  const touched = async (): Promise<unknown> => {
    const done = await connect("tool", changes, machine.needs);
    const names = await machine.names();
    await disconnect(tool, machine.needs);
    return [done.length, names.filter((it) => it.endsWith(".json"))];
  };
  assert.deepEqual(await touched(), [1, ["new.json"]]);
  await machine.write("old.json", odd);
  await machine.write("other.json", "{}");
  assert.deepEqual(await touched(), [2, ["old.json", "other.json"]]);
  assert.equal(await machine.read("old.json"), odd);
});

Deno.test("a file that does not parse is rejected before any change, and not quoted", async () => {
  await using machine = await openConnectMachine();
  await machine.write("s.json", "{}");
  await machine.write("bad.json", '{"token": hunter2}');
  const changes = [settings(machine.at("s.json"), edit), settings(machine.at("bad.json"), edit)];
  await assert.rejects(connect("tool", changes, machine.needs), {
    code: "config_invalid",
    message: `Cannot edit "${
      machine.at("bad.json")
    }": it is not JSON (comments and trailing commas are not allowed)`,
  });
  assert.deepEqual(await machine.names(), ["bad.json", "s.json"]);
  assert.equal(await machine.read("s.json"), "{}");
});

Deno.test("if a file no longer parses, nothing is undone", async () => {
  await using machine = await openConnectMachine();
  await machine.write("a.json", "{}");
  await machine.write("s.json", odd);
  await connect(
    "tool",
    [settings(machine.at("a.json"), edit), settings(machine.at("s.json"), edit)],
    machine.needs,
  );
  await machine.write("s.json", "{");
  const before = await machine.read("a.json");
  await assert.rejects(disconnect(tool, machine.needs), { code: "config_invalid" });
  assert.equal(await machine.read("a.json"), before);
  await machine.write("s.json", odd);
  await disconnect(tool, machine.needs);
  assert.deepEqual([await machine.read("a.json"), await machine.read("s.json")], ["{}", odd]);
});

Deno.test("a connection interrupted before the file is written can be undone and repeated", async () => {
  await using machine = await openConnectMachine();
  await machine.write("s.json", odd);
  const cut: typeof machine.tools = {
    ...machine.tools,
    textFile: (path) => ({
      ...machine.tools.textFile(path),
      replace: () => Promise.reject(new Error("cut off")),
    }),
  };
  const change = settings(machine.at("s.json"), edit);
  const attempt = connect("tool", [change], { ...machine.needs, tools: cut });
  await assert.rejects(attempt, { message: "cut off" });
  await connectOdd(machine);
  assert.match(await machine.read("s.json") ?? "", /"fob"/);
  await disconnect(tool, machine.needs);
  assert.equal(await machine.read("s.json"), odd);
  await assert.rejects(connect("tool", [change], { ...machine.needs, tools: cut }));
  await disconnect(tool, machine.needs);
  assert.deepEqual([await machine.read("s.json"), await machine.names()], [odd, ["s.json"]]);
});

Deno.test("a connection interrupted before a file is created and repeated is undone without a trace", async () => {
  await using machine = await openConnectMachine();
  const { write } = machine.notes;
  machine.notes.write = async (...args) => {
    await write.apply(machine.notes, args);
    throw new FobError("interrupted", "Cut off");
  };
  await assert.rejects(connectOdd(machine), { code: "interrupted" });
  machine.notes.write = write;
  await connectOdd(machine);
  const undone = await disconnect(tool, machine.needs);
  assert.deepEqual(undone, [{ path: machine.at("s.json"), outcome: "removed" }]);
  assert.deepEqual(await machine.names(), []);
});

Deno.test("the leftover temporary file of a killed run is removed with the next backup", async () => {
  await using machine = await openConnectMachine();
  await machine.write("s.json", odd);
  await machine.write(".s.json.connect.fob-backup.fob-0123", odd);
  await connectOdd(machine);
  assert.deepEqual(await machine.names(), ["s.json", "s.json.connect.fob-backup"]);
  await machine.write(".s.json.connect.fob-backup.fob-4567", odd);
  await disconnect(tool, machine.needs);
  assert.deepEqual(await machine.names(), ["s.json"]);
});

Deno.test("undo without a connection is declined", async () => {
  await using machine = await openConnectMachine();
  await assert.rejects(disconnect(tool, machine.needs), { code: "declined" });
});

Deno.test({
  name: "a link and a file by fob are created once, and removed only if unchanged",
  ignore,
  fn: async () => {
    await using machine = await openConnectMachine();
    const changes: Change[] = [
      { kind: "link", name: "helper-fob" },
      { kind: "link", name: "helper-fob", directory: machine.at("plugins") },
      { kind: "file", path: machine.at("own/shim"), text: "#!/bin/sh\n", runs: true },
    ];
    assert.equal((await connect("tool", changes, machine.needs)).length, 3);
    assert.deepEqual(await connect("tool", changes, machine.needs), []);
    assert.equal(await Deno.readLink(machine.at("bin/helper-fob")), machine.at("bin/fob"));
    assert.equal(await modeOf(machine.at("own/shim")), 0o700);
    await Deno.remove(machine.at("plugins/helper-fob"));
    await machine.write("plugins/helper-fob", "theirs");
    const undone = await disconnect(tool, machine.needs);
    assert.deepEqual(undone.map(({ outcome }) => outcome), ["removed", "left", "removed"]);
    assert.equal(await machine.read("plugins/helper-fob"), "theirs");
    assert.equal(await machine.read("bin/helper-fob"), undefined);
  },
});

Deno.test({
  name: "a link to an old location of fob is replaced, and removed although it is dangling",
  ignore,
  fn: async () => {
    await using machine = await openConnectMachine();
    const changes: Change[] = [
      { kind: "link", name: "helper-fob" },
      { kind: "link", name: "helper-fob", directory: machine.at("plugins") },
    ];
    const move = async (to: string): Promise<void> => {
      await Deno.mkdir(machine.at(to));
      await Deno.rename(machine.at("bin/fob"), machine.at(`${to}/fob`));
    };
    await connect("tool", changes, machine.needs);
    await move("other");
    const moved = {
      ...machine.needs,
      tools: otherTools(environmentOf({ PATH: machine.at("other"), HOME: machine.path })),
    };
    assert.equal((await connect("tool", changes, moved)).length, 2);
    assert.equal(await Deno.readLink(machine.at("plugins/helper-fob")), machine.at("other/fob"));
    await Deno.remove(machine.at("other/fob"));
    await machine.write("bin/fob", "fob", 0o755);
    const undone = await disconnect(tool, machine.needs);
    assert.deepEqual(undone.map(({ outcome }) => outcome), ["removed", "removed", "removed"]);
    assert.deepEqual(
      (await Array.fromAsync(Deno.readDir(machine.at("bin")))).map(({ name }) => name).sort(),
      ["fob", "tool"],
    );
  },
});

Deno.test("a file that fob did not create in this form is neither replaced nor removed", async () => {
  await using machine = await openConnectMachine();
  const own = (text: string): Change => ({ kind: "file", path: machine.at("own"), text });
  await machine.write("own", "theirs");
  await assert.rejects(planConnection("tool", [own("fob 1")], machine.needs), { code: "declined" });
  await assert.rejects(connect("tool", [own("fob 1")], machine.needs), {
    code: "declined",
    message: `"${machine.at("own")}" already exists with different content`,
  });
  assert.equal(await machine.read("own"), "theirs");
  assert.equal(machine.notes.texts.size, 0);
  await Deno.remove(machine.at("own"));
  await connect("tool", [own("fob 1")], machine.needs);
  await connect("tool", [own("fob 2")], machine.needs);
  assert.equal(await machine.read("own"), "fob 2");
  const writeOwn = (): Promise<void> => Promise.reject(new Error("cut off"));
  const cut = { ...machine.needs, tools: { ...machine.tools, writeOwn } };
  await assert.rejects(connect("tool", [own("fob 3")], cut), { message: "cut off" });
  await connect("tool", [own("fob 2")], machine.needs);
  await connect("tool", [own("fob 3")], machine.needs);
  await connect("tool", [own("fob 2")], machine.needs);
  await machine.write("own", "fob 2, and theirs");
  await assert.rejects(connect("tool", [own("fob 3")], machine.needs), { code: "declined" });
  const undone = await disconnect(tool, machine.needs);
  assert.deepEqual(undone, [{ path: machine.at("own"), outcome: "left" }]);
  assert.equal(await machine.read("own"), "fob 2, and theirs");
});

Deno.test({
  name: "a link outside fob's own directory is marked, because it needs consent",
  ignore,
  fn: async () => {
    await using machine = await openConnectMachine();
    const plan = async (...places: string[]): Promise<unknown> => {
      const binDirectories = (): Promise<string[]> =>
        Promise.resolve(places.map((it) => machine.at(it)));
      const tools = { ...machine.tools, binDirectories };
      return (await planConnection("tool", [{ kind: "link", name: "x-fob" }], {
        ...machine.needs,
        tools,
      }))[
        0
      ];
    };
    const link = (path: string, isElsewhere: boolean): object => ({
      kind: "link",
      path: machine.at(path),
      isElsewhere,
    });
    assert.deepEqual(await plan("bin", "own"), link("bin/x-fob", false));
    assert.deepEqual(await plan("own"), link("own/x-fob", true));
    await assert.rejects(plan(), { code: "declined" });
  },
});

Deno.test({
  name: "another program with the name of the link is left and reported",
  ignore,
  fn: async () => {
    await using machine = await openConnectMachine();
    await machine.write("bin/helper-fob", "theirs", 0o755);
    const change: Change = { kind: "link", name: "helper-fob" };
    await assert.rejects(connect("tool", [change], machine.needs), { code: "declined" });
    const placed: Change = { ...change, directory: machine.at("bin") };
    await assert.rejects(connect("tool", [placed], machine.needs), { code: "declined" });
    assert.equal(await machine.read("bin/helper-fob"), "theirs");
  },
});

/** A change by a tool with a command that appends a line to its file. */
function commandFor(machine: ConnectMachine): Change {
  machine.onRun = async ([word, line]) => {
    const text = await machine.read("conf") ?? "";
    if (word === "add") await machine.write("conf", `${text}${line}\n`);
    if (word === "drop") await machine.write("conf", text.replace(`${line}\n`, ""));
    return text;
  };
  return {
    kind: "command",
    program: "tool",
    files: [machine.at("conf"), machine.at("never")],
    look: ["show"],
    commands: (seen) => seen.includes("fob") ? [] : [{ runs: [["add", "fob"]], note: ["fob"] }],
  };
}

const commanded = {
  tool: "tool",
  undoCommands: ([line = ""]: readonly string[], seen: string): string[][] =>
    seen.includes(line) ? [["drop", line]] : [],
};

Deno.test("a change by the tool's own command is undone byte for byte", async () => {
  for (const text of [undefined, "# mine"]) {
    await using machine = await openConnectMachine();
    if (text !== undefined) await machine.write("conf", text);
    const change = commandFor(machine);
    await connect("tool", [change], machine.needs);
    assert.deepEqual(await connect("tool", [change], machine.needs), []);
    await disconnect(commanded, machine.needs);
    assert.equal(await machine.read("conf"), text);
    assert.deepEqual(machine.ran.map(([word]) => word), ["show", "show", "add", "show", "show"]);
    assert.deepEqual(await machine.names(), text === undefined ? [] : ["conf"]);
  }
});

Deno.test("if another program has changed the file too, the tool's own command undoes the change", async () => {
  await using machine = await openConnectMachine();
  await machine.write("conf", "");
  await connect("tool", [commandFor(machine)], machine.needs);
  await machine.write("conf", "fob\ntheirs\n");
  const undone = await disconnect(commanded, machine.needs);
  assert.deepEqual(undone, [{ path: machine.at("conf"), outcome: "edited" }]);
  assert.equal(await machine.read("conf"), "theirs\n");
});

Deno.test("undo reports a command that fails, and can be repeated later", async () => {
  await using machine = await openConnectMachine();
  await machine.write("conf", "");
  await connect("tool", [commandFor(machine)], machine.needs);
  await machine.write("conf", "fob\ntheirs\n");
  const works = machine.onRun;
  for (const failing of ["show", "drop"]) {
    machine.onRun = (words) => words[0] === failing ? Promise.reject("locked") : works(words);
    await assert.rejects(disconnect(commanded, machine.needs), {
      code: "declined",
      message: new RegExp(`^tool ${failing}.* failed with exit code 1: locked$`),
    });
    assert.equal(await machine.read("conf"), "fob\ntheirs\n");
  }
  machine.onRun = works;
  await disconnect(commanded, machine.needs);
  assert.equal(await machine.read("conf"), "theirs\n");
});

Deno.test("undo does not fail for a file that was removed", async () => {
  await using machine = await openConnectMachine();
  await machine.write("conf", "mine\n");
  await connect("tool", [commandFor(machine)], machine.needs);
  await Deno.remove(machine.at("conf"));
  machine.onRun = () => Promise.reject("there is no such file");
  const undone = await disconnect(commanded, machine.needs);
  assert.deepEqual(undone, [{ path: machine.at("conf"), outcome: "left" }]);
});

Deno.test("a command that fails is reported with its output, and can be undone", async () => {
  await using machine = await openConnectMachine();
  await machine.write("conf", "mine\n");
  const change = commandFor(machine);
  const works = machine.onRun;
  machine.onRun = (words) => words[0] === "add" ? Promise.reject("locked") : works(words);
  await assert.rejects(connect("tool", [change], machine.needs), {
    code: "declined",
    message: "tool add fob failed with exit code 1: locked",
  });
  await disconnect(commanded, machine.needs);
  assert.deepEqual([await machine.read("conf"), await machine.names()], ["mine\n", ["conf"]]);
});

Deno.test("without the tool's command, the error lists the commands to run", async () => {
  await using machine = await openConnectMachine();
  const change = { ...commandFor(machine), program: "nowhere" } as Change;
  await assert.rejects(connect("tool", [change], machine.needs), (error: Error) => {
    assert.deepEqual("facts" in error && error.facts, { needed: "nowhere add fob" });
    return true;
  });
});
