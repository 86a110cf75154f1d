import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type DatabricksAddress,
  type DatabricksServer,
  hostKeyOf,
  issuerOf,
  readAddress,
  serverFor,
} from "../../../src/databricks/host.ts";
import { FobError } from "../../../src/errors.ts";

const host = "https://h.example";

const addresses: [text: string, address: DatabricksAddress][] = [
  ["h.example", { host }],
  ["https://h.example/", { host }],
  ["HTTPS://H.Example/browse/folders/1#x", { host }],
  ["h.example:8443", { host: "https://h.example:8443" }],
  ["http://127.0.0.1:8020/", { host: "http://127.0.0.1:8020" }],
  ["http://localhost:1", { host: "http://localhost:1" }],
  ["https://h.example/?o=12", { host, workspaceId: "12" }],
  ["h.example?w=my-connection", { host, workspaceId: "my-connection" }],
  ["h.example?workspace_id=12", { host, workspaceId: "12" }],
  ["h.example?workspace_id=3&w=x&o=12", { host, workspaceId: "12" }],
  ["h.example?workspace_id=3&w=x&o=", { host, workspaceId: "x" }],
  ["h.example?a=acc&account_id=other", { host, accountId: "acc" }],
  ["h.example?account_id=acc&o=1", { host, accountId: "acc", workspaceId: "1" }],
  ["h.example?o=9223372036854775807", { host, workspaceId: "9223372036854775807" }],
];

for (const [text, address] of addresses) {
  Deno.test(`readAddress("${text}") is ${JSON.stringify(address)}`, () => {
    assert.deepEqual(readAddress(text), address);
  });
}

const refused: [text: string, message: string][] = [
  ["http://h.example", 'The host "http://h.example" must start with "https://"'],
  ["ftp://h.example", 'The host "ftp://h.example" must start with "https://"'],
  ["http://127.0.0.1.example", 'The host "http://127.0.0.1.example" must start with "https://"'],
  ["https://me:s3cret@h.example", 'The host "…@h.example" must not contain credentials'],
  ["", 'The host "" is not an address'],
  ["https://", 'The host "https://" is not an address'],
  ["a b", 'The host "a b" is not an address'],
  ["a\u001b[2J", 'The host "a [2J" is not an address'],
  ["h.example?o=abc", 'The workspace ID "abc" in the host is not a number'],
  [
    "h.example?o=9223372036854775808",
    'The workspace ID "9223372036854775808" in the host is not a number',
  ],
  ["h.example?workspace_id=1x", 'The workspace ID "1x" in the host is not a number'],
];

for (const [text, message] of refused) {
  Deno.test(`readAddress("${text}") fails: ${message}`, () => {
    assert.throws(() => readAddress(text), { code: "usage", message });
  });
}

Deno.test("readAddress returns an address or a usage error, and reads its own result", () => {
  fc.assert(fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.webUrl()), (text) => {
    try {
      const { host } = readAddress(text);
      assert.deepEqual(readAddress(host), { host });
    } catch (error) {
      if (!(error instanceof FobError)) throw error;
      assert.equal(error.code, "usage");
    }
  }));
});

const accounts = "https://accounts.cloud.example";
const servers: [
  what: string,
  address: DatabricksAddress,
  oidcEndpoint: string | undefined,
  server: DatabricksServer,
  issuer: string,
  key: string,
][] = [
  ["a host alone", { host }, undefined, { type: "workspace", host }, `${host}/oidc`, host],
  [
    "the accounts console",
    { host: accounts, accountId: "a1" },
    undefined,
    { type: "account", host: accounts, accountId: "a1" },
    `${accounts}/oidc/accounts/a1`,
    `${accounts}/oidc/accounts/a1`,
  ],
  [
    "a host with an account's server and an account ID",
    { host, accountId: "a1" },
    `${host}/oidc/accounts/a1`,
    { type: "unified", host, accountId: "a1" },
    `${host}/oidc/accounts/a1`,
    `${host}/oidc/accounts/a1`,
  ],
  [
    "a host with an account's server but no account ID",
    { host },
    `${host}/oidc/accounts/a1`,
    { type: "workspace", host },
    `${host}/oidc`,
    host,
  ],
  [
    "a workspace with a stale account ID",
    { host, accountId: "a1" },
    `${host}/oidc`,
    { type: "workspace", host },
    `${host}/oidc`,
    host,
  ],
];

for (const [what, address, oidcEndpoint, server, issuer, key] of servers) {
  Deno.test(`${what} has the server type ${server.type}`, () => {
    const found = serverFor(address, oidcEndpoint);
    assert.deepEqual(found, server);
    assert.deepEqual([issuerOf(found), hostKeyOf(found)], [issuer, key]);
  });
}

Deno.test("the accounts console without an account ID is an error that names the option", () => {
  for (const host of [accounts, "https://accounts-dod.cloud.example"]) {
    assert.throws(() => serverFor({ host }), {
      code: "usage",
      message: `"${host}" requires an account ID`,
      facts: { option: "--account-id ID" },
    });
  }
});
