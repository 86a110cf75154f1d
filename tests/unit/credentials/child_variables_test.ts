import assert from "node:assert/strict";
import { childVariables, readAssignment } from "../../../src/credentials/child_variables.ts";

const handout = { accessToken: "t-1", tokenType: "Bearer", host: "https://api.example" };
const forge = {
  id: "forge",
  title: "Forge",
  variables: {
    token: ["FORGE_TOKEN", "FORGE_PAT"],
    host: "FORGE_HOST",
    outranking: ["FORGE_CLIENT_SECRET"],
  },
} as const;

Deno.test("everybody's tools find the token, and the platform's own do", () => {
  const usual = { API_TOKEN: "t-1", API_HOST: "https://api.example" };
  assert.deepEqual(childVariables(handout, undefined), { set: usual, unset: [] });
  assert.deepEqual(childVariables(handout, forge), {
    set: { ...usual, FORGE_TOKEN: "t-1", FORGE_HOST: "https://api.example" },
    unset: ["FORGE_PAT", "FORGE_CLIENT_SECRET"],
  });
});

Deno.test("without a host, no other credential's host stays beside the token", () => {
  const { set, unset } = childVariables({ accessToken: "t-1", tokenType: "Bearer" }, forge);
  assert.deepEqual(set, { API_TOKEN: "t-1", FORGE_TOKEN: "t-1" });
  assert.deepEqual(unset, ["FORGE_PAT", "FORGE_CLIENT_SECRET", "API_HOST", "FORGE_HOST"]);
});

Deno.test("an assignment names a variable and a field", () => {
  assert.deepEqual(readAssignment("A_1=token", handout, "--env"), ["A_1", "t-1"]);
  assert.deepEqual(readAssignment("A=authorization", handout, "--env"), ["A", "Bearer t-1"]);
  assert.deepEqual(readAssignment("A=host", handout, "--env"), ["A", "https://api.example"]);
});

Deno.test("an assignment of what there is not is an error that names the option", () => {
  for (const text of ["", "A", "=token", "1A=token", "A=toString", "A=token=x", "A B=token"]) {
    assert.throws(() => readAssignment(text, handout, "--file"), {
      code: "usage",
      message: /^Cannot read --file/,
    });
  }
  const { host: _host, ...homeless } = handout;
  assert.throws(() => readAssignment("A=host", homeless, "--env"), { code: "usage" });
});
