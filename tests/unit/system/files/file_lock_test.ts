import assert from "node:assert/strict";
import { systemClock } from "../../../../src/system/clock.ts";
import { lockFile } from "../../../../src/system/files/file_lock.ts";
import { startProgram } from "../../../fakes/machine/child_program.ts";
import { FakeClock } from "../../../fakes/machine/clock.ts";
import { makeTemporaryDirectory } from "../../../fakes/machine/temporary_directory.ts";

const holder = new URL("./held_lock.ts", import.meta.url);

Deno.test("waiting for a held lock times out at the limit, and the error names the file", async () => {
  await using directory = await makeTemporaryDirectory();
  const path = `${directory.path}/lock`;
  using _held = await lockFile(path, 0, systemClock());
  const clock = new FakeClock(0);
  await assert.rejects(lockFile(path, 5_000, clock), {
    code: "lock_timeout",
    message: `Timed out after 5 s: another fob process holds "${path}"`,
  });
  assert.ok(clock.now() >= 5_000, "it gave up early");
});

for (const jump of [86_400_000, -86_400_000]) {
  Deno.test(`a clock that jumps by ${jump} ms does not change the wait for a lock`, async () => {
    await using directory = await makeTemporaryDirectory();
    using _held = await lockFile(`${directory.path}/lock`, 0, systemClock());
    let waited = 0;
    const clock = new FakeClock(0);
    clock.sleep = (duration): Promise<void> => {
      waited += duration;
      clock.advance(jump);
      return Promise.resolve();
    };
    await assert.rejects(lockFile(`${directory.path}/lock`, 5_000, clock), {
      code: "lock_timeout",
    });
    assert.ok(waited >= 5_000 && waited < 5_100, `it waited ${waited} ms`);
  });
}

Deno.test("the pause between tries grows, and stays below half a second", async () => {
  await using directory = await makeTemporaryDirectory();
  using _held = await lockFile(`${directory.path}/lock`, 0, systemClock());
  const clock = new FakeClock(0);
  const pauses: number[] = [];
  clock.sleep = (duration): Promise<void> => {
    pauses.push(duration);
    return Promise.resolve();
  };
  await assert.rejects(lockFile(`${directory.path}/lock`, 60_000, clock), { code: "lock_timeout" });
  assert.ok(pauses.length < 600, `${pauses.length} tries`);
  assert.ok(pauses.slice(0, 5).every((pause) => pause < 25), `${pauses.slice(0, 5)}`);
  assert.ok(pauses.every((pause) => pause < 500));
});

Deno.test("a released lock goes to a waiting process", async () => {
  await using directory = await makeTemporaryDirectory();
  const path = `${directory.path}/lock`;
  const first = await lockFile(path, 0, systemClock());
  const waiting = lockFile(path, 10_000, systemClock());
  first[Symbol.dispose]();
  using _second = await waiting;
  await assert.rejects(lockFile(path, 0, systemClock()), { code: "lock_timeout" });
});

Deno.test("only one of many concurrent callers holds a lock", async () => {
  await using directory = await makeTemporaryDirectory();
  let holders = 0;
  let taken = 0;
  await Promise.all(Array.from({ length: 20 }, async () => {
    using _lock = await lockFile(`${directory.path}/lock`, 30_000, systemClock());
    assert.equal(++holders, 1);
    taken++;
    await new Promise((resolve) => setTimeout(resolve, 2));
    holders--;
  }));
  assert.equal(taken, 20);
});

Deno.test("a killed process releases its lock, and its text remains", async () => {
  await using directory = await makeTemporaryDirectory();
  const path = `${directory.path}/lock`;
  await using child = startProgram(holder, [path]);
  assert.equal(await child.nextLine(), "held");
  await assert.rejects(lockFile(path, 0, systemClock()), { code: "lock_timeout" });
  child.process.kill("SIGKILL");
  using lock = await lockFile(path, 5_000, systemClock());
  assert.equal(await lock.read(), "left by a process that died");
});

Deno.test("a text that the disk takes in pieces is written completely", async () => {
  await using directory = await makeTemporaryDirectory();
  using lock = await lockFile(`${directory.path}/lock`, 0, systemClock());
  const { write } = Deno.FsFile.prototype;
  Deno.FsFile.prototype.write = function (bytes): Promise<number> {
    return write.call(this, bytes.subarray(0, 3));
  };
  try {
    await lock.write("a note");
  } finally {
    Deno.FsFile.prototype.write = write;
  }
  assert.equal(await lock.read(), "a note");
});

Deno.test("the text of a holder replaces the old one, and the next holder reads it", async () => {
  await using directory = await makeTemporaryDirectory();
  for (
    const [before, text] of [["", "first and long"], ["first and long", "zw\u00f6lf"], [
      "zw\u00f6lf",
      "",
    ]]
  ) {
    using lock = await lockFile(`${directory.path}/lock`, 0, systemClock());
    assert.equal(await lock.read(), before);
    await lock.write("overwritten");
    await lock.write(text ?? "");
    assert.equal(await lock.read(), text);
  }
});

Deno.test("a lock file has mode 0600", async () => {
  await using directory = await makeTemporaryDirectory();
  using _lock = await lockFile(`${directory.path}/lock`, 0, systemClock());
  assert.equal(((await Deno.stat(`${directory.path}/lock`)).mode ?? 0) & 0o777, 0o600);
});

Deno.test("a text that cannot be written is io_failed", async () => {
  await using directory = await makeTemporaryDirectory();
  const lock = await lockFile(`${directory.path}/lock`, 0, systemClock());
  lock[Symbol.dispose]();
  await assert.rejects(lock.write("text"), { code: "io_failed" });
});

Deno.test("a lock file that cannot be created is an error of the system", async () => {
  await using directory = await makeTemporaryDirectory();
  const path = `${directory.path}/none/lock`;
  await assert.rejects(lockFile(path, 0, systemClock()), Deno.errors.NotFound);
});
