import assert from "node:assert/strict";
import { accountsIn } from "../../../src/credentials/move.ts";
import { FobError } from "../../../src/errors.ts";
import { holdsNothing, isAbsenceError } from "../../../src/stores/absence.ts";
import type { UnavailableReason } from "../../../src/stores/secret_store.ts";
import { MemoryStore } from "../../fakes/stores/memory_store.ts";

const reasons: Readonly<Record<UnavailableReason, boolean>> = {
  "no-bus": true,
  "no-library": true,
  "no-provider": true,
  "no-default-collection": false,
  "no-default-keychain": false,
  "keychain-unreachable": false,
  "keychain-read-only": false,
  "no-logon-session": true,
  "unsupported-system": true,
};

function unavailable(facts: Readonly<Record<string, string>>): FobError {
  return new FobError("store_unavailable", "There is no keychain", { facts });
}

class FailingStore extends MemoryStore {
  constructor(readonly error: FobError) {
    super();
  }

  override list(): Promise<string[]> {
    return Promise.reject(this.error);
  }
}

for (const [reason, absent] of Object.entries(reasons)) {
  Deno.test(`${reason} ${absent ? "proves" : "does not prove"} that there is no keychain`, async () => {
    const error = unavailable({ reason });
    assert.equal(isAbsenceError(error), absent);
    assert.equal(holdsNothing(error), absent);
    const found = accountsIn(new FailingStore(error));
    if (absent) assert.deepEqual(await found, []);
    else await assert.rejects(found, error);
  });
}

Deno.test("an absent keychain with a recorded login may hold something", async () => {
  const error = unavailable({ reason: "no-bus", kept: "work" });
  assert.ok(isAbsenceError(error) && !holdsNothing(error));
  await assert.rejects(accountsIn(new FailingStore(error)), error);
});

Deno.test("no other error or reason counts as an absent keychain", () => {
  const locked = new FobError("store_locked", "Locked", { facts: { reason: "no-bus" } });
  for (const error of [locked, unavailable({}), unavailable({ reason: "constructor" }), "no-bus"]) {
    assert.ok(!isAbsenceError(error));
  }
});
