import assert from "node:assert/strict";
import fc from "fast-check";
import type { Credential } from "../../../src/credentials/credential.ts";
import {
  decode,
  encode,
  readCredential,
  writeCredential,
} from "../../../src/credentials/envelope.ts";
import type { FobError } from "../../../src/errors.ts";
import { Secret } from "../../../src/secret.ts";
import { loginWith, noon, pasted, revealed, tokensOf } from "../../fakes/stores/credentials.ts";
import { MemoryStore } from "../../fakes/stores/memory_store.ts";

const account = "oidc:work";
const text = fc.oneof(fc.string({ unit: "binary" }), fc.constant("\u007f\u0080\u2028"));
const secret = text.map((value) => new Secret(value));
const time = fc.integer({ min: -8.64e15, max: 8.64e15 });
const tokens = fc.record(
  {
    accessToken: secret,
    tokenType: text,
    obtainedAt: time,
    expiresAt: time,
    refreshToken: secret,
    scope: text,
  },
  { requiredKeys: ["accessToken", "tokenType", "obtainedAt"] },
);
const authorization = {
  host: text,
  issuer: text,
  clientId: text,
  clientSecret: secret,
  resource: text,
  identity: text,
  tokens,
};
const login = fc.record(
  { kind: fc.constant("oauth" as const), ...authorization },
  { requiredKeys: ["kind", "issuer", "clientId", "tokens"] },
);
const client = fc.record(
  { kind: fc.constant("client" as const), ...authorization },
  { requiredKeys: ["kind", "issuer", "clientId", "clientSecret", "tokens"] },
);
const pat = fc.record(
  {
    kind: fc.constant("pat" as const),
    host: text,
    token: secret,
    obtainedAt: time,
    expiresAt: time,
    identity: text,
    tokenId: text,
  },
  { requiredKeys: ["kind", "token", "obtainedAt"] },
);
const credential = fc.oneof(login, pat, client) as fc.Arbitrary<Credential>;

Deno.test("decode returns the encoded credential", () => {
  fc.assert(fc.property(credential, (credential) => {
    assert.deepEqual(revealed(decode(encode(credential), account)), revealed({ ...credential }));
  }));
});

Deno.test("an envelope is one line of printable ASCII", () => {
  fc.assert(fc.property(credential, (credential) => {
    assert.match(encode(credential).reveal(), /^[ -~]+$/);
  }));
});

const { refreshToken: _none, ...unrefreshed } = tokensOf(1);
const golden: Readonly<Record<string, Credential>> = {
  v1_oauth: {
    ...loginWith(tokensOf(1, { obtainedAt: noon + 123, scope: "openid offline_access" })),
    host: "https://api.example.com",
    issuer: "https://login.example.com/tenant",
    resource: "https://api.example.com/",
    clientSecret: new Secret("cs-\u00fc"),
    identity: "z\u00fcrich@example.com \u{1f511}",
  },
  v1_oauth_least: {
    ...loginWith({ accessToken: new Secret("at-1"), tokenType: "Bearer", obtainedAt: noon }),
    issuer: "https://login.example.com",
  },
  v1_client: {
    ...loginWith({ ...unrefreshed, scope: "all-apis" }),
    kind: "client",
    host: "https://api.example.com",
    clientId: "robot",
    clientSecret: new Secret("s-1"),
  },
  v1_pat: { ...pasted, host: "https://api.example.com" },
  v1_pat_least: pasted,
  v1_pat_expires: { ...pasted, expiresAt: noon + 3_600_000 },
  v1_pat_made: {
    ...pasted,
    host: "https://api.example.com",
    identity: "ada@example.com",
    tokenId: "0a1b2c",
    expiresAt: noon + 3_600_000,
  },
};

for (const [name, credential] of Object.entries(golden)) {
  Deno.test(`the sample envelope ${name} is decoded, and encoded the same`, async () => {
    const path = new URL(`../../fixtures/envelopes/${name}.json`, import.meta.url);
    const kept = (await Deno.readTextFile(path)).trimEnd();
    assert.deepEqual(revealed(decode(new Secret(kept), account)), revealed(credential));
    assert.equal(encode(credential).reveal(), kept);
  });
}

Deno.test("every sample envelope has a test", async () => {
  const folder = new URL("../../fixtures/envelopes/", import.meta.url);
  const names = (await Array.fromAsync(Deno.readDir(folder))).map((it) => it.name).sort();
  assert.deepEqual(names, Object.keys(golden).map((name) => `${name}.json`).sort());
});

Deno.test("an entry that cannot be decoded is an error with the reason, not a miss", () => {
  const wrongs: Record<string, string> = {
    "": "it is not a JSON object",
    "not JSON": "it is not a JSON object",
    "null": "it is not a JSON object",
    "[]": "it is not a JSON object",
    "{}": "its version is none, this fob reads version 1",
    '{"v":2,"kind":"oauth"}': "its version is 2, this fob reads version 1",
    '{"v":"1"}': 'its version is "1", this fob reads version 1',
    '{"v":1}': '"kind" is missing or not a string',
    '{"v":1,"kind":"new"}': 'unknown kind "new"',
    '{"v":1,"kind":"pat","obtained_at":"2026-01-02"}': '"token" is missing or not a string',
    '{"v":1,"kind":"pat","token":null,"obtained_at":"x"}': '"token" is missing or not a string',
    '{"v":1,"kind":"pat","token":"t","obtained_at":"noon"}': '"obtained_at" is not a valid time',
    '{"v":1,"kind":"pat","token":"t","obtained_at":1}': '"obtained_at" is missing or not a string',
  };
  for (const [kept, why] of Object.entries(wrongs)) {
    assert.throws(() => decode(new Secret(kept), account), {
      code: "store_corrupt",
      message: `Cannot read the credential "oidc:work": ${why}`,
    }, kept);
  }
});

Deno.test("the facts of a decoding error name the account, so that it can be deleted", () => {
  for (const kept of ["", "{}", '{"v":1,"kind":"new"}']) {
    assert.throws(() => decode(new Secret(kept), account), (error: FobError) => {
      assert.equal(error.facts["account"], account);
      return true;
    });
  }
});

Deno.test("an envelope with a missing or wrong required field is rejected", () => {
  const kept = JSON.parse(encode(golden["v1_oauth"]!).reveal());
  const optional = ["host", "resource", "client_secret", "identity", "expires_at"]
    .concat("refresh_token", "scope");
  for (const field of Object.keys(kept)) {
    const { [field]: _removed, ...rest } = kept;
    const without = (): unknown => decode(new Secret(JSON.stringify(rest)), account);
    if (optional.includes(field)) without();
    else assert.throws(without, { code: "store_corrupt" }, field);
    const wrong = new Secret(JSON.stringify({ ...kept, [field]: [] }));
    assert.throws(() => decode(wrong, account), { code: "store_corrupt" }, field);
  }
});

Deno.test("unknown fields in version 1 are ignored", () => {
  const kept = JSON.stringify({ ...JSON.parse(encode(pasted).reveal()), new_field: { a: 1 } });
  assert.deepEqual(revealed(decode(new Secret(kept), account)), revealed(pasted));
});

Deno.test("a decoding error contains no secret, and is one short line", () => {
  const odd = `odd\u001b[2J\n${"y".repeat(400)}`;
  const wrongs = [
    { v: odd, token: "hush" },
    { v: 1, kind: odd, token: "hush" },
    { v: 1, kind: "pat", token: "hush", obtained_at: odd },
  ].map((fields) => JSON.stringify(fields)).concat('hush, and no JSON {"');
  for (const kept of wrongs) {
    assert.throws(() => decode(new Secret(kept), account), (error: Error) => {
      assert.ok(!Deno.inspect(error).includes("hush"), kept);
      assert.ok(
        /^[^\p{Cc}]{1,300}$/u.test(error.message),
        `not one short line: ${kept.slice(0, 30)}`,
      );
      return true;
    });
  }
});

Deno.test("a written credential can be read, and an unknown account is undefined", async () => {
  const store = new MemoryStore();
  assert.equal(await readCredential(account, store), undefined);
  await writeCredential(account, pasted, store);
  assert.deepEqual(revealed(await readCredential(account, store)), revealed(pasted));
});
