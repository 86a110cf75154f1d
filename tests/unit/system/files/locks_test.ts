import assert from "node:assert/strict";
import { systemClock } from "../../../../src/system/clock.ts";
import { fileLocks, fileNameOf } from "../../../../src/system/files/locks.ts";
import { makeTemporaryDirectory } from "../../../fakes/machine/temporary_directory.ts";

function ignore(): void {}

Deno.test("locks of the same name exclude each other, locks of other names do not", async () => {
  await using directory = await makeTemporaryDirectory();
  const directories = { config: "", state: `${directory.path}/state/fob` };
  const [one, other] = [1, 2].map(() => fileLocks(directories, systemClock(), ignore));
  using _held = await one?.take("oidc:work", 0);
  await assert.rejects(other!.take("oidc:work", 0), { code: "lock_timeout" });
  using _another = await other?.take("oidc:home", 0);
});

Deno.test("the lock files are in private directories", async () => {
  await using directory = await makeTemporaryDirectory();
  const state = `${directory.path}/state/fob`;
  using _held = await fileLocks({ config: "", state }, systemClock(), ignore).take("a", 0);
  for (const path of [state, `${state}/locks`]) {
    assert.equal(((await Deno.stat(path)).mode ?? 0) & 0o777, 0o700, path);
  }
});

Deno.test("a name cannot leave the directory", async () => {
  await using directory = await makeTemporaryDirectory();
  const state = `${directory.path}/state`;
  const locks = fileLocks({ config: "", state }, systemClock(), ignore);
  for (const name of ["../../out", "/out", "..", "."]) {
    using _lock = await locks.take(name, 0);
  }
  assert.deepEqual((await Array.fromAsync(Deno.readDir(directory.path))).map((it) => it.name), [
    "state",
  ]);
});

Deno.test("every valid profile name can be locked", async () => {
  await using directory = await makeTemporaryDirectory();
  const locks = fileLocks({ config: "", state: directory.path }, systemClock(), ignore);
  for (const letter of ["a", "\u6f22", "\u{20000}"]) {
    using _lock = await locks.take(`oidc:${letter.repeat(64)}`, 0);
    await assert.rejects(locks.take(`oidc:${letter.repeat(64)}`, 0), { code: "lock_timeout" });
    using _other = await locks.take(`oidc:${letter.repeat(63)}`, 0);
  }
});

Deno.test("without a writable state directory, locks are in the runtime directory", async () => {
  await using directory = await makeTemporaryDirectory();
  await Deno.writeTextFile(`${directory.path}/file`, "");
  const runtime = `${directory.path}/runtime/fob`;
  const directories = { config: "", state: `${directory.path}/file/fob`, runtime };
  using _lock = await fileLocks(directories, systemClock(), ignore).take("a", 0);
  assert.ok((await Deno.stat(`${runtime}/locks/a.lock`)).isFile);
});

Deno.test("the runtime directory is not used if the state directory is writable", async () => {
  await using directory = await makeTemporaryDirectory();
  const runtime = `${directory.path}/runtime/fob`;
  const directories = { config: "", state: `${directory.path}/state`, runtime };
  using _lock = await fileLocks(directories, systemClock(), ignore).take("a", 0);
  await assert.rejects(Deno.stat(runtime), Deno.errors.NotFound);
});

Deno.test("a held lock does not fall back to the runtime directory", async () => {
  await using directory = await makeTemporaryDirectory();
  const directories = {
    config: "",
    state: `${directory.path}/state`,
    runtime: `${directory.path}/run`,
  };
  const locks = fileLocks(directories, systemClock(), ignore);
  using _held = await locks.take("a", 0);
  await assert.rejects(locks.take("a", 0), { code: "lock_timeout" });
});

Deno.test("if no lock can be created, the error is io_failed and names the state directory", async () => {
  await using directory = await makeTemporaryDirectory();
  await Deno.writeTextFile(`${directory.path}/file`, "");
  const state = `${directory.path}/file/fob`;
  for (const more of [{}, { runtime: `${directory.path}/file/run` }]) {
    const locks = fileLocks({ config: "", state, ...more }, systemClock(), ignore);
    await assert.rejects(locks.take("a", 0), (error: Error & { code?: string }) => {
      assert.equal(error.code, "io_failed");
      assert.ok(error.message.startsWith(`Cannot create locks in "${state}": `), error.message);
      return true;
    });
  }
});

Deno.test("file names are unique, also if case and a trailing dot are ignored", async () => {
  const names = [
    "work",
    "Work",
    "WORK",
    "work.",
    "w.ork",
    "%57ork",
    "oidc:a",
    "oidc-a",
    "\u00e4",
    "a*",
  ];
  for (const system of ["linux", "darwin", "windows"] as const) {
    const files = await Promise.all(names.map((name) => fileNameOf(name, system)));
    const seen = files.map((file) => system === "linux" ? file : file.toLowerCase());
    assert.equal(new Set(seen).size, names.length, files.join(" "));
    for (const file of files) assert.match(file, system === "linux" ? /^[\w.%*-]+$/ : /^[\w.%-]+$/);
  }
  assert.equal(await fileNameOf("oidc:Work.", "linux"), "oidc%3AWork.");
  assert.equal(await fileNameOf("oidc:Work.", "windows"), "oidc%3A%57ork%2E");
});
