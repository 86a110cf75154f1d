import assert from "node:assert/strict";
import { Secret } from "../../../src/secret.ts";
import type { ChosenMode } from "../../../src/stores/storage_mode.ts";
import { type InspectedStores, openInspectedStores } from "../../../src/stores/inspected_stores.ts";
import { systemClock } from "../../../src/system/clock.ts";
import { environmentOf } from "../../fakes/machine/environment.ts";
import {
  makeTemporaryDirectory,
  namesIn,
  type TemporaryDirectory,
} from "../../fakes/machine/temporary_directory.ts";

const byDefault: ChosenMode = { mode: "secure", source: "default", explicit: false };
const plaintext: ChosenMode = { mode: "plaintext", source: "FOB_AUTH_STORAGE", explicit: true };

/** The stores of a session without a bus. */
async function open(
  chosen: ChosenMode,
  { path: directory }: TemporaryDirectory,
  more: { readonly plaintextRefusedBy?: string } = {},
): Promise<InspectedStores> {
  return await openInspectedStores(chosen, {
    version: "0.0.1",
    environment: environmentOf({}),
    clock: systemClock(),
    notice: () => {},
    waitOptions: { interactive: false, onWait: () => {} },
    directory,
    ...more,
  });
}

Deno.test("a test of the file does not change it and leaves no other file", async () => {
  await using directory = await makeTemporaryDirectory();
  const path = `${directory.path}/credentials.json`;
  const text = '{"version":1,   "credentials":{"a":"b"}}';
  await Deno.writeTextFile(path, text, { mode: 0o600 });
  const stores = await open(plaintext, directory);
  {
    await using trial = stores.openTestStore(stores.file);
    await trial.store.set("probe:1", new Secret("x"));
    assert.deepEqual(await trial.store.list(), ["probe:1"]);
    assert.deepEqual(await stores.file.list(), ["a"]);
  }
  assert.deepEqual(await namesIn(directory.path), ["credentials.json"]);
  assert.equal(await Deno.readTextFile(path), text);
});

Deno.test("a test of the keychain uses the keychain, and forbidding plaintext applies to both stores", async () => {
  await using directory = await makeTemporaryDirectory();
  const stores = await open(plaintext, directory, { plaintextRefusedBy: "no_plaintext" });
  assert.equal(stores.openTestStore(stores.keychain).store, stores.keychain);
  await using trial = stores.openTestStore(stores.file);
  await assert.rejects(trial.store.set("probe:1", new Secret("x")), { code: "plaintext_refused" });
});

Deno.test("the file is the fallback only by default, and the keychain notes are listed", async () => {
  await using directory = await makeTemporaryDirectory();
  const stores = await open(byDefault, directory);
  if (Deno.build.os === "linux") {
    assert.equal((await stores.destination()).store, stores.file);
    const asked = await open({ ...byDefault, explicit: true }, directory);
    assert.equal((await asked.destination()).store, asked.keychain);
  }
  assert.deepEqual(await stores.noted(), []);
  await Deno.mkdir(`${directory.path}/keychain`);
  await Deno.writeTextFile(`${directory.path}/keychain/oidc%3Awork`, "");
  assert.deepEqual(await stores.noted(), ["oidc:work"]);
});
