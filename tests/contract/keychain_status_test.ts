import assert from "node:assert/strict";
import { reportError } from "../../src/cli/ui/report.ts";
import { type ErrorCode, FobError } from "../../src/errors.ts";
import { Secret } from "../../src/secret.ts";
import type { Terminal } from "../../src/system/terminal.ts";
import { makeKeychain } from "../rigs/keychain.ts";
import type { RemoteStore } from "../rigs/remote_store.ts";
import { missingRigs } from "../rigs/rigs.ts";

const ignore = (await missingRigs()).includes("keychain");

/** `OSStatus`, its name in Security/SecBase.h, fob's error code, and part of the hint. */
const statuses: readonly [number, string, ErrorCode, RegExp][] = [
  [-25308, "errSecInteractionNotAllowed", "store_locked", /security unlock-keychain/],
  [-25315, "errSecInteractionRequired", "store_locked", /security unlock-keychain/],
  [-25293, "errSecAuthFailed", "store_denied", /Always Allow/],
  [-25243, "errSecNoAccessForItem", "store_denied", /Always Allow/],
  [-25244, "errSecInvalidOwnerEdit", "store_denied", /Always Allow/],
  [-67030, "errSecCSInfoPlistFailed", "store_denied", /Install fob again/],
  [-128, "errSecUserCanceled", "store_cancelled", /Try again and unlock/],
  [-25307, "errSecNoDefaultKeychain", "store_unavailable", /security default-keychain -s/],
  [-25294, "errSecNoSuchKeychain", "store_unavailable", /security default-keychain -s/],
  [-25295, "errSecInvalidKeychain", "store_unavailable", /security default-keychain -s/],
  [-25291, "errSecNotAvailable", "store_unavailable", /login session of your user/],
  [-25292, "errSecReadOnly", "store_unavailable", /Check which keychain is the default/],
  [-34018, "errSecMissingEntitlement", "store_failed", /bug in fob/],
  [-50, "errSecParam", "store_failed", /fob doctor/],
  [-4, "errSecUnimplemented", "store_failed", /fob doctor/],
  [-108, "errSecAllocate", "store_failed", /fob doctor/],
  [-26275, "errSecDecode", "store_failed", /fob doctor/],
  [-25302, "errSecDataTooLarge", "store_failed", /fob doctor/],
  [-99999, "unknown status", "store_failed", /fob doctor/],
];

/** The report of `error` with `-o json`. */
function reported(error: unknown): { code: string; message: string; hint: string } {
  const lines: string[] = [];
  const terminal = { say: (text: string) => void lines.push(text) } as unknown as Terminal;
  reportError(error, "json", terminal);
  return JSON.parse(lines.join("")).error;
}

async function failureOf(call: Promise<unknown>): Promise<FobError> {
  const error = await call.then(() => undefined, (error) => error);
  assert.ok(error instanceof FobError, String(error));
  return error;
}

/** Every method that can return a status, on an existing item. */
const calls: readonly ((store: RemoteStore) => Promise<unknown>)[] = [
  (store) => store.get("oidc:work"),
  (store) => store.set("oidc:work", new Secret("new")),
  (store) => store.delete("oidc:work"),
  (store) => store.list(),
];

for (const [status, name, code, hint] of statuses) {
  Deno.test(
    { name: `keychain: ${name} (${status}) is ${code}, with its hint`, ignore },
    async () => {
      await using keychain = await makeKeychain();
      await using store = keychain.open({ status: `SecItem*=${status}` });
      for (const call of calls) {
        const found = reported(await failureOf(call(store)));
        assert.equal(found.code, code);
        assert.match(found.hint, hint);
        assert.ok(found.message.includes(String(status)), found.message);
      }
    },
  );
}

Deno.test({
  name: "keychain: the error for an unknown status has the system's message",
  ignore,
}, async () => {
  await using keychain = await makeKeychain();
  await using store = keychain.open({ status: "SecItemCopyMatching=-26276" });
  const { message } = await failureOf(store.get("oidc:work"));
  assert.equal(
    message,
    "The keychain returned error -26276: what macOS says of -26276 \u2013 translated",
  );
});

Deno.test(
  { name: "keychain: probe distinguishes the statuses", ignore },
  async () => {
    await using keychain = await makeKeychain();
    const found: Record<string, unknown> = {};
    for (const status of [-25307, -25291, -25308, -50]) {
      await using store = keychain.open({ status: `SecKeychainGetStatus=${status}` });
      const { state, reason } = await store.probe() as { state: string; reason?: string };
      found[status] = [state, reason];
    }
    assert.deepEqual(found, {
      [-25307]: ["unavailable", "no-default-keychain"],
      [-25291]: ["unavailable", "keychain-unreachable"],
      [-25308]: ["locked", undefined],
      [-50]: ["broken", undefined],
    });
  },
);
