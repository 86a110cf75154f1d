import assert from "node:assert/strict";
import { checkAudit } from "../../../src/doctor/audit.ts";
import { Profiles } from "../../../src/profiles/profile_file.ts";
import { environmentOf } from "../../fakes/machine/environment.ts";
import { MemoryMachine } from "../../fakes/machine/memory_machine.ts";

const asked = "[__settings__]\naudit_log = true\n";
const path = "/s/audit.log";

async function found(
  text: string,
  put: (machine: MemoryMachine) => void = () => {},
  variables = {},
): Promise<string[]> {
  const machine = new MemoryMachine();
  put(machine);
  const checks = await checkAudit({
    environment: environmentOf(variables),
    profiles: () => Promise.resolve(new Profiles(text, "config.ini")),
    directories: () => ({ config: "/c", state: "/s" }),
    machine,
  });
  return checks.map(({ state, code, detail }) => `${state} ${code ?? detail}`);
}

Deno.test("the audit log is reported if it is enabled or exists", async () => {
  const put = (machine: MemoryMachine): void => machine.put(path, "file");
  assert.deepEqual(await found(""), []);
  assert.deepEqual(await found(asked), [
    'ok audit.log in "/s", enabled by audit_log in "config.ini"',
  ]);
  const named = await found("", put, { FOB_AUDIT_LOG: "1" });
  assert.deepEqual(named, [`ok "${path}", enabled by FOB_AUDIT_LOG`]);
  assert.deepEqual(await found("", put), [`ok "${path}", not enabled`]);
});

Deno.test("a log that other users can read, or that fob cannot use, fails", async () => {
  const put = (more: object) => (machine: MemoryMachine): void => machine.put(path, "file", more);
  assert.deepEqual(await found(asked, put({ mode: 0o644 })), ["fail mode_too_wide"]);
  assert.deepEqual(await found(asked, put({ isLink: true })), ["fail not_private"]);
  assert.deepEqual(await found(asked, put({ owner: 12345 })), ["fail not_private"]);
});
