import assert from "node:assert/strict";
import { present } from "../../../src/present.ts";
import {
  authorization,
  hasChallenge,
  headerToken,
  headerValue,
  isBearer,
  refusesToken,
} from "../../../src/protocols/authorization.ts";
import { Secret } from "../../../src/secret.ts";

Deno.test("the header has the standard's spelling of the type, and the token", () => {
  const header = (text: string, tokenType?: string): string =>
    authorization({
      secret: new Secret(text),
      ...present({ tokenType }),
    });
  assert.equal(header("at-1", "bearer"), "Bearer at-1");
  assert.equal(header("at-1"), "Bearer at-1");
  assert.equal(header("a.b~c+d/e==", "DPoP"), "DPoP a.b~c+d/e==");
  const unfit = [["a b"], ["ä"], [" a"], [""], ["a", "Bear er"], ["a", ""]] as const;
  for (const [text, tokenType] of unfit) {
    assert.throws(() => header(text, tokenType), { code: "provider_answer_invalid" });
  }
  assert.equal(headerToken({ secret: new Secret("at-1") }), "at-1");
  const spaced = { secret: new Secret("a b") };
  assert.throws(() => headerToken(spaced), { code: "provider_answer_invalid" });
});

Deno.test("a complete header value may contain single spaces, but no other white space or control character", () => {
  const value = (text: string): string => headerValue({ secret: new Secret(text) });
  for (const text of ["at-1", "Bearer at-1", "Scheme a=b, c=d"]) assert.equal(value(text), text);
  for (const text of ["", " a", "a ", "a  b", "a\tb", "a\r\nHost: x", "ä"]) {
    assert.throws(() => value(text), { code: "provider_answer_invalid" });
  }
});

Deno.test("a Bearer type is recognized in any case", () => {
  assert.deepEqual(["Bearer", "BEARER", "Basic", undefined].map(isBearer), [
    true,
    true,
    false,
    false,
  ]);
});

Deno.test("a scheme is found in challenges, also with several in one line", () => {
  const challenges = ['Basic realm="Bearer"', 'Negotiate, Cargo login_url="https://x/?a,b"'];
  const found = ["basic", "negotiate", "cargo", "bearer", "realm"]
    .filter((scheme) => hasChallenge(challenges, scheme));
  assert.deepEqual(found, ["basic", "negotiate", "cargo"]);
});

Deno.test("only a challenge with the error invalid_token refuses the token", () => {
  assert.equal(refusesToken(['Bearer realm="x", error="invalid_token"']), true);
  assert.equal(refusesToken(["Basic", "bearer error=invalid_token"]), true);
  assert.equal(refusesToken(['Bearer realm="x"', 'Bearer error="insufficient_scope"']), false);
  assert.equal(refusesToken([]), false);
});
