import assert from "node:assert/strict";
import { audited } from "../../../src/cli/audited.ts";
import { FobError } from "../../../src/errors.ts";
import type { AuditEntry } from "../../../src/system/audit_log.ts";

async function entryOf(act: () => Promise<{ profile?: string } | undefined>): Promise<AuditEntry> {
  const entries: AuditEntry[] = [];
  const audit = (entry: AuditEntry): Promise<void> => Promise.resolve(void entries.push(entry));
  await audited("git get", { io: { audit } }, act).catch(() => {});
  const [entry, ...others] = entries;
  assert.ok(entry !== undefined && others.length === 0, "one entry per call");
  return entry;
}

Deno.test("a call writes one audit entry with the profile and without the token", async () => {
  const token = { profile: "work", accessToken: "hush" };
  assert.deepEqual(await entryOf(() => Promise.resolve(token)), {
    protocol: "git get",
    profile: "work",
    outcome: "answered",
  });
  assert.deepEqual(await entryOf(() => Promise.resolve(undefined)), {
    protocol: "git get",
    outcome: "none",
  });
});

Deno.test("an error is logged with its code and profile, and is rethrown unchanged", async () => {
  const error = new FobError("sign_in_again", "hush", { facts: { profile: "work" } });
  assert.deepEqual(await entryOf(() => Promise.reject(error)), {
    protocol: "git get",
    profile: "work",
    outcome: "failed",
    code: "sign_in_again",
  });
  const audit = (): Promise<void> => Promise.resolve();
  await assert.rejects(audited("x", { io: { audit } }, () => Promise.reject(error)), error);
  const unexpected = await entryOf(() => Promise.reject(new TypeError("hush")));
  assert.deepEqual(unexpected, { protocol: "git get", outcome: "failed", code: "failed" });
});
