import assert from "node:assert/strict";
import { DatabricksProfiles } from "../../../src/databricks/config_file.ts";
import type { DatabricksAddress } from "../../../src/databricks/host.ts";
import { findForHost, type FoundIds } from "../../../src/databricks/match.ts";

const host = "https://h.example";

function find(
  sections: Readonly<Record<string, string>>,
  named: Omit<DatabricksAddress, "host"> = {},
  found: FoundIds = {},
): string | undefined {
  const text = Object.entries(sections).map(([name, body]) => `[${name}]\n${body}\n`).join("");
  const profiles = new DatabricksProfiles(text, "/cfg");
  const match = findForHost({ host, ...named }, found, profiles);
  return match && `${match.profile.name} ${match.match}`;
}

const other = { other: "host = other.example" };

Deno.test("findForHost finds the profile for a host in any spelling", () => {
  for (const written of ["h.example", "https://H.example/", "https://h.example/x?o=1"]) {
    assert.equal(find({ ...other, a: `host = ${written}` }), "a exact");
  }
  assert.equal(find(other), undefined);
});

Deno.test("findForHost uses account and workspace to distinguish profiles for one host", () => {
  const sections = {
    a: "host=h.example\naccount_id=1\nworkspace_id=10",
    b: "host=h.example\naccount_id=1\nworkspace_id=20",
    c: "host=h.example\naccount_id=2",
  };
  assert.equal(find(sections, { accountId: "1", workspaceId: "20" }), "b exact");
  assert.equal(find(sections, { workspaceId: "10" }), "a exact");
  assert.equal(find(sections, { accountId: "2" }), "c exact");
  assert.equal(find(sections, { accountId: "1" }, { workspaceId: "10" }), "a exact");
});

Deno.test("findForHost finds a profile with only a host if the metadata has more", () => {
  const found = { accountId: "1", workspaceId: "10" };
  assert.equal(find({ ...other, a: "host=h.example" }, {}, found), "a loose");
  assert.equal(find({ a: "host=h.example\naccount_id=stale" }, {}, found), "a loose");
  assert.equal(find({ a: "host=h.example\nworkspace_id=none" }, {}, found), "a loose");
});

Deno.test("findForHost prefers an exact match to a profile with only a host", () => {
  const sections = { a: "host=h.example", b: "host=h.example\nworkspace_id=10" };
  assert.equal(find(sections, {}, { workspaceId: "10" }), "b exact");
});

Deno.test("findForHost never returns a profile that contradicts the address", () => {
  const sections = { a: "host=h.example\naccount_id=1\nworkspace_id=10" };
  assert.equal(find(sections, { accountId: "2" }), undefined);
  assert.equal(find(sections, { workspaceId: "20" }), undefined);
  assert.equal(find({ a: "host=h.example" }, { accountId: "2" }), "a loose");
});

Deno.test("several matches are an error with their names", () => {
  const sections = { a: "host=h.example", x: "host=other", b: "host=https://h.example/" };
  const ambiguity = {
    code: "usage",
    message: "a and b match https://h.example in /cfg",
    facts: { option: "--profile", profiles: "a, b" },
  };
  assert.throws(() => find(sections), ambiguity);
  assert.throws(() => find(sections, {}, { workspaceId: "10" }), ambiguity);
});
