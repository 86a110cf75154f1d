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

Deno.test("the one profile with the host answers, however the host is written", () => {
  for (const written of ["h.example", "https://H.example/", "https://h.example/x?o=1"]) {
    assert.equal(find({ ...other, a: `host = ${written}` }), "a exact");
  }
  assert.equal(find(other), undefined);
});

Deno.test("account and workspace, as far as they are known, tell profiles of one host apart", () => {
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

Deno.test("a profile that says its host alone is found though the metadata says more", () => {
  const found = { accountId: "1", workspaceId: "10" };
  assert.equal(find({ ...other, a: "host=h.example" }, {}, found), "a loose");
  assert.equal(find({ a: "host=h.example\naccount_id=stale" }, {}, found), "a loose");
  assert.equal(find({ a: "host=h.example\nworkspace_id=none" }, {}, found), "a loose");
});

Deno.test("a profile that says all of it goes before one that says its host alone", () => {
  const sections = { a: "host=h.example", b: "host=h.example\nworkspace_id=10" };
  assert.equal(find(sections, {}, { workspaceId: "10" }), "b exact");
});

Deno.test("what was named is never contradicted", () => {
  const sections = { a: "host=h.example\naccount_id=1\nworkspace_id=10" };
  assert.equal(find(sections, { accountId: "2" }), undefined);
  assert.equal(find(sections, { workspaceId: "20" }), undefined);
  assert.equal(find({ a: "host=h.example" }, { accountId: "2" }), "a loose");
});

Deno.test("several that match are an error with their names, exact or loose", () => {
  const sections = { a: "host=h.example", x: "host=other", b: "host=https://h.example/" };
  const ambiguity = {
    code: "usage",
    message: "a and b match https://h.example in /cfg",
    facts: { option: "--profile", profiles: "a, b" },
  };
  assert.throws(() => find(sections), ambiguity);
  assert.throws(() => find(sections, {}, { workspaceId: "10" }), ambiguity);
});
