import assert from "node:assert/strict";
import { type Keychain, makeKeychain } from "../../rigs/keychain.ts";
import { buildKeychainDouble } from "../../rigs/keychain_double.ts";
import { denoDirectory } from "../../rigs/remote_store.ts";
import { missingRigs } from "../../rigs/rigs.ts";

const ignore = (await missingRigs()).includes("keychain");

/** Makes the call `what` in a process, and returns its result and the report of the double. */
async function call(
  what: string,
  state: Parameters<Keychain["become"]>[0] = "unlocked",
): Promise<{ result: unknown; faults: string[] }> {
  const keychain = await makeKeychain();
  await keychain.become(state);
  const script = new URL("../../rigs/keychain_calls.ts", import.meta.url).pathname;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--no-check", "-A", script, await buildKeychainDouble(), what],
    clearEnv: true,
    env: { ...keychain.environmentFor({}), DENO_DIR: denoDirectory() },
  }).output();
  const lines = await keychain.report();
  assert.match(lines.at(-1) ?? "", /^end: \d+ objects$/);
  await keychain[Symbol.asyncDispose]().catch(() => {});
  return { result: JSON.parse(new TextDecoder().decode(stdout)), faults: lines.slice(0, -1) };
}

/** Incorrect calls, and the expected reports. */
const mistakes: readonly [string, RegExp][] = [
  ["leak", /^leak: a CFString, 0x[0-9a-f]+, retained 1 times$/],
  ["over-release", /over-release of a CFString/],
  ["release of a constant", /over-release of a CFString/],
  ["release of NULL", /^CFRelease: NULL/],
  ["use after release", /use of a released CFString/],
  ["wrong type", /^CFDataGetLength: wrong type: CFString where CFData is needed$/],
  ["wrong type in a dictionary", /wrong type: CFData where CFString is needed/],
  ["null callbacks", /null callbacks[^]*use of a released CFString/],
  ["constant that is no reference yet", /is not a reference/],
  ["reference through a number", /is not a reference[^]*leak/],
  ["unknown key", /^SecItemCopyMatching: own is not allowed here/],
  ["data of all", /kSecMatchLimitAll/],
  ["empty account", /empty service or account/],
  ["interaction to and fro", /switched more than once/],
];

for (const [what, complaint] of mistakes) {
  Deno.test({ name: `the macOS double reports: ${what}`, ignore }, async () => {
    assert.match((await call(what)).faults.join("\n"), complaint);
  });
}

Deno.test(
  { name: "the macOS double reports nothing for a correct call", ignore },
  async () => {
    assert.deepEqual(await call("all is well"), { result: 0, faults: [] });
  },
);

Deno.test({ name: "the macOS double returns the statuses of macOS", ignore }, async () => {
  assert.deepEqual((await call("duplicate")).result, [0, -25299]);
  assert.deepEqual((await call("cut at NUL")).result, [0, -25299]);
  assert.equal((await call("data of all")).result, -50);
  assert.deepEqual((await call("delete of the first")).result, [0, 0, 0, 0, -25300]);
  assert.deepEqual((await call("delete of all")).result, [0, 0, 0, -25300]);
  assert.equal((await call("add without a person", "locked")).result, -25308);
  assert.equal((await call("add without a person", "none")).result, -25307);
  assert.equal((await call("add without a person", "read-only")).result, -25292);
});

Deno.test(
  { name: "the macOS double reports an unexpected dialog", ignore },
  async () => {
    const { result, faults } = await call("all is well", "locked");
    assert.equal(result, -128);
    assert.match(faults.join("\n"), /a dialog was shown/);
  },
);

Deno.test(
  { name: "the macOS double has different type IDs in every process", ignore },
  async () => {
    const seen = new Set<unknown>();
    for (let tries = 0; tries < 6; tries++) seen.add((await call("type id")).result);
    assert.ok(seen.size > 1, "six processes had the same type ID");
  },
);

Deno.test(
  { name: "an invalid call in a store process fails the disposal of its keychain", ignore },
  async () => {
    const keychain = await makeKeychain();
    await keychain.become("locked");
    const store = keychain.open();
    assert.equal((await store.probe()).state, "locked");
    await store[Symbol.asyncDispose]();
    const script = new URL("../../rigs/keychain_calls.ts", import.meta.url).pathname;
    await new Deno.Command(Deno.execPath(), {
      args: ["run", "-q", "--no-check", "-A", script, await buildKeychainDouble(), "leak"],
      clearEnv: true,
      env: { ...keychain.environmentFor({}), DENO_DIR: denoDirectory() },
    }).output();
    await assert.rejects(keychain[Symbol.asyncDispose](), /leak: a CFString/);
  },
);
