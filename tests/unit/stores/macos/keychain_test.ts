import assert from "node:assert/strict";
import { Secret } from "../../../../src/secret.ts";
import { FallbackStore } from "../../../../src/stores/fallback_store.ts";
import { KeychainStore } from "../../../../src/stores/macos/keychain.ts";
import { MemoryStore } from "../../../fakes/stores/memory_store.ts";

Deno.test("a Security framework that cannot be loaded does not prove that there is no keychain", async () => {
  const keychain = new KeychainStore({
    version: "0.0.1",
    waitOptions: { interactive: false, onWait: () => {} },
    frameworks: { coreFoundation: "/nowhere/CoreFoundation", security: "/nowhere/Security" },
  });
  const file = new MemoryStore();
  const store = new FallbackStore({ keychain, file, notice: () => {} });
  await assert.rejects(store.get("oidc:work"), { code: "store_failed" });
  await assert.rejects(store.set("oidc:work", new Secret("new")), { code: "store_failed" });
  await assert.rejects(store.delete("oidc:work"), { code: "store_failed" });
  assert.equal((await store.probe()).state, "broken");
  assert.deepEqual(await file.list(), []);
});
