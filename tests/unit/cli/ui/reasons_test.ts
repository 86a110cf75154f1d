import assert from "node:assert/strict";
import {
  because,
  describeChoice,
  describeMode,
  describePlace,
  plaintextFile,
} from "../../../../src/cli/ui/reasons.ts";

Deno.test("each source of a choice is described as a reason", () => {
  assert.equal(describeChoice("FOB_PROFILE"), "because FOB_PROFILE is set");
  assert.equal(describeChoice("the command line"), "because the command line names it");
  assert.equal(describeChoice("default_profile"), "because it is the default");
  const only = 'the only profile in "config.ini"';
  assert.equal(describeChoice(only), `because it is ${only}`);
});

Deno.test("a storage mode is described with its source, or as the default", () => {
  const explicit = true;
  assert.equal(
    describeMode({ mode: "plaintext", source: "FOB_AUTH_STORAGE", explicit }),
    "plaintext (FOB_AUTH_STORAGE)",
  );
  assert.equal(
    describeMode({ mode: "secure", source: 'auth_storage in "config.ini"', explicit }),
    'secure (auth_storage in "config.ini")',
  );
  assert.equal(
    describeMode({ mode: "secure", source: "default", explicit: false }),
    "secure (default)",
  );
});

Deno.test("a sentence becomes a clause, and a name keeps its capitals", () => {
  assert.equal(because("This session has no bus"), "because this session has no bus");
  assert.equal(because("D-Bus is off"), "because D-Bus is off");
  assert.equal(describePlace("a", true, "No bus"), "a, in plaintext, because no bus");
  assert.equal(describePlace("a", true), "a, in plaintext");
  assert.equal(describePlace("a", undefined), "a");
});

Deno.test("the plaintext file is described without a mode on Windows", () => {
  assert.equal(plaintextFile("darwin"), "a 0600 file");
  assert.equal(plaintextFile("windows"), "a file in %LocalAppData%");
});
