import assert from "node:assert/strict";
import { FobError } from "../../../src/errors.ts";
import {
  identityTokenInFile,
  identityTokenInVariable,
} from "../../../src/oauth/workload_identity.ts";
import { failure } from "./fixture.ts";

const jwt = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJyb2JvdCJ9.c2lnbmF0dXJl-_";

/** An invalid value instead of an identity token, and the expected fault. */
const unfit: [string, string, string][] = [
  ["nothing", "", "is empty"],
  ["a line end", " \n", "is empty"],
  ["an opaque token", "private-token", "does not contain a JSON Web Token"],
  ["a key", "-----BEGIN PRIVATE KEY-----\nprivate\n-----END", "does not contain a JSON Web Token"],
  ["two tokens", `${jwt}\n${jwt}private`, "does not contain a JSON Web Token"],
  ["an encrypted token", "a.b.c.d.private", "does not contain a JSON Web Token"],
  ["an unsigned token", "a.private.", "does not contain a JSON Web Token"],
  ["JSON", `{"value":"${jwt}private"}`, "does not contain a JSON Web Token"],
  ["too much", `a.b.${"private".repeat(10_000)}`, "is longer than 64 KiB"],
];

Deno.test("the token in a variable is read without its line end", () => {
  const get = (name: string) => ({ ID_TOKEN: `${jwt}\n` })[name];
  assert.equal(identityTokenInVariable("ID_TOKEN", get).reveal(), jwt);
});

Deno.test("the error for an unset variable names it, with the fact ci in a GitLab job", async () => {
  const nowhere = await failure(
    "not_signed_in",
    () => identityTokenInVariable("MY_TOKEN", () => undefined),
  );
  assert.equal(nowhere.message, 'The variable "MY_TOKEN" is not set');
  assert.deepEqual(nowhere.facts, { variable: "MY_TOKEN" });
  const get = (name: string) => ({ GITLAB_CI: "true" })[name];
  const gitlab = await failure("not_signed_in", () => identityTokenInVariable("MY_TOKEN", get));
  assert.deepEqual(gitlab.facts, { variable: "MY_TOKEN", ci: "gitlab" });
});

Deno.test("the token in a file is read without its line end", async () => {
  const read = (path: string) => Promise.resolve(path === "/run/token" ? `${jwt}\n` : undefined);
  assert.equal((await identityTokenInFile("/run/token", read)).reveal(), jwt);
  const error = await failure("not_signed_in", () => identityTokenInFile("/run/other", read));
  assert.equal(error.message, 'The identity token file "/run/other" does not exist');
  assert.deepEqual(error.facts, { identity_file: "/run/other" });
});

for (const [name, text, fault] of unfit) {
  Deno.test(`${name} is refused as an identity token, in a variable or a file, and is not shown`, async () => {
    const inVariable = await failure(
      "not_signed_in",
      () => identityTokenInVariable("ID_TOKEN", (it) => it === "ID_TOKEN" ? text : undefined),
    );
    assert.equal(inVariable.message, `The variable "ID_TOKEN" ${fault}`);
    const inFile = await failure(
      "not_signed_in",
      () => identityTokenInFile("/run/token", () => Promise.resolve(text)),
    );
    assert.equal(inFile.message, `The identity token file "/run/token" ${fault}`);
    assert.doesNotMatch(Deno.inspect([inVariable, inFile]), /private|PRIVATE|eyJ/);
  });
}

Deno.test("the error for an unreadable file names it and has a cause", async () => {
  const cause = new Deno.errors.PermissionDenied("no");
  const error = await failure(
    "io_failed",
    () => identityTokenInFile("/run/to\nken", () => Promise.reject(cause)),
  );
  assert.equal(error.message, 'Cannot read the identity token file "/run/to ken"');
  assert.equal(error.cause, cause);
  const known = new FobError("config_invalid", "Too large");
  await assert.rejects(identityTokenInFile("/x", () => Promise.reject(known)), known);
});
