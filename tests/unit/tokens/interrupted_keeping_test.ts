/** Sends real signals during uninterrupted work. Not SIGINT, which would end the test run. */
import assert from "node:assert/strict";
import { encode } from "../../../src/credentials/envelope.ts";
import { keepLogin } from "../../../src/credentials/login.ts";
import { moveCredentials } from "../../../src/credentials/move.ts";
import { migrate } from "../../../src/migrate/migrate.ts";
import { planMigration } from "../../../src/migrate/plan.ts";
import { gh } from "../../../src/migrate/sources/gh.ts";
import { deferInterrupts as uninterrupted } from "../../../src/system/interrupts.ts";
import { FakeClock } from "../../fakes/machine/clock.ts";
import { interruptHere } from "../../fakes/machine/interrupt.ts";
import { MemoryLocks } from "../../fakes/machine/memory_locks.ts";
import { MemoryTextFile } from "../../fakes/machine/memory_text_file.ts";
import { MemoryUserFile } from "../../fakes/machine/memory_user_file.ts";
import { MemoryNotes } from "../../fakes/machine/tool_machine.ts";
import { noon, pasted, work } from "../../fakes/stores/credentials.ts";
import { MemoryStore } from "../../fakes/stores/memory_store.ts";

/** Sends `signal` before `object` calls its method `name`. */
function interruptBefore<Name extends string>(
  object: { [name in Name]: (...args: never[]) => Promise<unknown> },
  name: Name,
  signal: Deno.Signal,
): void {
  const plain = object[name].bind(object) as (...args: unknown[]) => Promise<unknown>;
  object[name] = async (...args: unknown[]) => {
    await interruptHere(signal);
    return await plain(...args);
  };
}

for (const signal of ["SIGTERM", "SIGHUP"] as const) {
  const interrupted = { code: "interrupted", message: `Stopped by ${signal}` };
  // On Windows, a signal to the own process ends it.
  const ignore = Deno.build.os === "windows";

  Deno.test({
    name: `${signal} between copy and deletion stops a move after that login`,
    ignore,
    fn: async () => {
      const [from, to] = [new MemoryStore(), new MemoryStore()];
      for (const account of ["token:a", "token:b"]) await from.set(account, encode(pasted));
      interruptBefore(from, "delete", signal);
      const needs = { from, to, locks: new MemoryLocks(), lockLimit: 1_000, uninterrupted };
      await assert.rejects(moveCredentials(needs), interrupted);
      assert.deepEqual([await from.list(), await to.list()], [["token:b"], ["token:a"]]);
    },
  });

  Deno.test({
    name: `${signal} between backup and deletion lets a removal of secrets finish`,
    ignore,
    fn: async () => {
      const file = new MemoryTextFile("github.com:\n    oauth_token: gho_ada\n    user: ada\n");
      interruptBefore(file, "replace", signal);
      const needs = {
        source: gh,
        files: [file],
        clock: new FakeClock(noon),
        store: new MemoryStore(),
        locks: new MemoryLocks(),
        notes: new MemoryNotes(),
        profileFile: new MemoryUserFile(),
        uninterrupted,
      };
      const plan = await planMigration({ profiles: [], take: [] }, needs);
      await assert.rejects(migrate(plan, "remove", needs), interrupted);
      assert.equal(file.text, "github.com:\n    user: ada\n");
      assert.match(file.backup, /gho_ada/);
    },
  });

  Deno.test({
    name: `${signal} between the profile and its credential lets a sign-in store both`,
    ignore,
    fn: async () => {
      const [store, profileFile] = [new MemoryStore(), new MemoryUserFile()];
      interruptBefore(store, "set", signal);
      const needs = { store, profileFile, locks: new MemoryLocks(), uninterrupted };
      await assert.rejects(keepLogin({ ...work, provider: "token" }, pasted, needs), interrupted);
      assert.match(profileFile.text, /\[work\]/);
      assert.deepEqual(await store.list(), ["token:work"]);
    },
  });
}
