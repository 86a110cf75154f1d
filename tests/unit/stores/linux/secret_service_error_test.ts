import assert from "node:assert/strict";
import { GError } from "../../../../ffi/glib.ts";
import type { ErrorCode } from "../../../../src/errors.ts";
import { storeError } from "../../../../src/stores/linux/secret_service_error.ts";

/** Domain, code and meaning: gio/gioenums.h and libsecret/secret-types.h. */
const meanings: readonly [string, number, ErrorCode, string?][] = [
  ["secret-error", 1, "store_failed"],
  ["secret-error", 2, "store_locked"],
  ["secret-error", 3, "store_failed"],
  ["g-dbus-error-quark", 0, "store_failed"],
  ["g-dbus-error-quark", 2, "store_unavailable", "no-provider"],
  ["g-dbus-error-quark", 3, "store_unavailable", "no-provider"],
  ["g-dbus-error-quark", 4, "store_timeout"],
  ["g-dbus-error-quark", 9, "store_denied"],
  ["g-dbus-error-quark", 10, "store_denied"],
  ["g-dbus-error-quark", 11, "store_unavailable", "no-bus"],
  ["g-dbus-error-quark", 12, "store_timeout"],
  ["g-dbus-error-quark", 15, "store_failed"],
  ["g-dbus-error-quark", 19, "store_unavailable", "no-default-collection"],
  ["g-dbus-error-quark", 20, "store_timeout"],
  ["g-dbus-error-quark", 23, "store_failed"],
  ["g-dbus-error-quark", 25, "store_failed"],
  ["g-io-error-quark", 0, "store_failed"],
  ["g-io-error-quark", 1, "store_unavailable", "no-bus"],
  ["g-io-error-quark", 13, "store_unavailable", "no-bus"],
  ["g-io-error-quark", 14, "store_denied"],
  ["g-io-error-quark", 18, "store_timeout"],
  ["g-io-error-quark", 19, "store_failed"],
  ["g-io-error-quark", 24, "store_timeout"],
  ["g-io-error-quark", 39, "store_unavailable", "no-bus"],
  ["g-io-error-quark", 44, "store_timeout"],
  ["some-new-quark", 2, "store_failed"],
];

for (const [domain, number, code, reason] of meanings) {
  Deno.test(`${domain} ${number} is ${reason ?? code}`, () => {
    const error = storeError(new GError(domain, number, "as translated"));
    assert.deepEqual([error.code, error.facts["reason"]], [code, reason]);
  });
}
