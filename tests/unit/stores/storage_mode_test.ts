import assert from "node:assert/strict";
import { chooseStorageMode, plaintextRefusalSource } from "../../../src/stores/storage_mode.ts";

function settings(
  ...values: (string | undefined)[]
): { value: string | undefined; source: string }[] {
  return values.map((value, index) => ({ value, source: `setting ${index}` }));
}

Deno.test("the first setting with a value decides, and is named as the source", () => {
  assert.deepEqual(chooseStorageMode(settings(undefined, "", "plaintext", "secure")), {
    mode: "plaintext",
    source: "setting 2",
    explicit: true,
  });
  assert.deepEqual(chooseStorageMode(settings("secure", "plaintext")), {
    mode: "secure",
    source: "setting 0",
    explicit: true,
  });
});

Deno.test("without a setting the mode is secure, and not explicit", () => {
  for (const none of [[], settings(undefined, "")]) {
    const chosen = chooseStorageMode(none);
    assert.deepEqual(chosen, { mode: "secure", source: "default", explicit: false });
  }
});

Deno.test("an unknown mode is an error that names its source and the allowed modes", () => {
  for (const value of ["Secure", "plain", " secure", "native"]) {
    assert.throws(() => chooseStorageMode(settings(undefined, value)), {
      code: "config_invalid",
      message: `Unknown storage mode "${value}" in setting 1 (allowed: secure, plaintext, legacy)`,
    });
  }
});

Deno.test("one setting that forbids plaintext is enough", () => {
  for (const yes of ["1", "true", "YES", "y", "On"]) {
    assert.equal(plaintextRefusalSource(settings("0", yes)), "setting 1", yes);
    assert.equal(plaintextRefusalSource(settings(yes, "0")), "setting 0", yes);
  }
});

Deno.test("plaintext is allowed if no setting forbids it", () => {
  const nos = settings(undefined, "", "0", "false", "NO", "n", "off");
  assert.equal(plaintextRefusalSource(nos), undefined);
  assert.equal(plaintextRefusalSource([]), undefined);
});

Deno.test("a value that is not a boolean is an error", () => {
  for (const value of ["2", "yess", "never", " 1"]) {
    assert.throws(() => plaintextRefusalSource(settings("0", value)), {
      code: "config_invalid",
      message: `Invalid value "${value}" in setting 1 (allowed: true, false)`,
    });
  }
});
