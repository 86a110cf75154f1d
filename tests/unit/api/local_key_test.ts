import { equal, match, notEqual } from "node:assert/strict";
import { isSecret, makeLocalSecret } from "../../../src/api/local_key.ts";
import { Secret } from "../../../src/secret.ts";

Deno.test("a secret of one run has 32 bytes, of letters and digits, and is never the same", () => {
  const secrets = Array.from({ length: 100 }, () => makeLocalSecret().reveal());
  for (const secret of secrets) match(secret, /^[0-9a-f]{64}$/);
  equal(new Set(secrets).size, 100);
});

Deno.test("only the secret itself is the secret", () => {
  const secret = new Secret("a1b2");
  equal(isSecret("a1b2", secret), true);
  for (const text of ["", "a1b", "a1b22", "a1b3", "b1b2", "A1B2", "a1bé"]) {
    equal(isSecret(text, secret), false, text);
  }
  notEqual(String(secret), "a1b2");
});
