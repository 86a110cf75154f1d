import assert from "node:assert/strict";
import { audited } from "../../../src/cli/audited.ts";
import { FobError } from "../../../src/errors.ts";
import type { AuditEntry } from "../../../src/system/audit_log.ts";

async function written(act: () => Promise<{ profile?: string } | undefined>): Promise<AuditEntry> {
  const entries: AuditEntry[] = [];
  const audit = (entry: AuditEntry): Promise<void> => Promise.resolve(void entries.push(entry));
  await audited("git get", { io: { audit } }, act).catch(() => {});
  const [entry, ...others] = entries;
  assert.ok(entry !== undefined && others.length === 0, "one entry for each act");
  return entry;
}

Deno.test("what came of it is one entry, with nothing but the profile of what was brought", async () => {
  const token = { profile: "work", accessToken: "hush" };
  assert.deepEqual(await written(() => Promise.resolve(token)), {
    protocol: "git get",
    profile: "work",
    outcome: "answered",
  });
  assert.deepEqual(await written(() => Promise.resolve(undefined)), {
    protocol: "git get",
    outcome: "none",
  });
});

Deno.test("an error is its code and its profile, and is thrown on as it was", async () => {
  const error = new FobError("sign_in_again", "hush", { facts: { profile: "work" } });
  assert.deepEqual(await written(() => Promise.reject(error)), {
    protocol: "git get",
    profile: "work",
    outcome: "failed",
    code: "sign_in_again",
  });
  const audit = (): Promise<void> => Promise.resolve();
  await assert.rejects(audited("x", { io: { audit } }, () => Promise.reject(error)), error);
  const unforeseen = await written(() => Promise.reject(new TypeError("hush")));
  assert.deepEqual(unforeseen, { protocol: "git get", outcome: "failed", code: "failed" });
});
