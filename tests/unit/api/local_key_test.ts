import { equal, match, notEqual } from "node:assert/strict";
import { isSecret, makeLocalSecret } from "../../../src/api/local_key.ts";
import { Secret } from "../../../src/secret.ts";

Deno.test("a local secret has 32 random bytes in letters and digits", () => {
  const secrets = Array.from({ length: 100 }, () => makeLocalSecret().reveal());
  for (const secret of secrets) match(secret, /^[0-9a-f]{64}$/);
  equal(new Set(secrets).size, 100);
});

Deno.test("isSecret accepts only the secret itself", () => {
  const secret = new Secret("a1b2");
  equal(isSecret("a1b2", secret), true);
  for (const text of ["", "a1b", "a1b22", "a1b3", "b1b2", "A1B2", "a1bé"]) {
    equal(isSecret(text, secret), false, text);
  }
  notEqual(String(secret), "a1b2");
});
