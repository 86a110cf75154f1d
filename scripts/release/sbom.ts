// deno-lint-ignore-file no-console
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import settings from "../../deno.json" with { type: "json" };
import { releaseTime } from "./release_time.ts";
import { type Package, shippedPackages } from "./shipped_packages.ts";

/** A CycloneDX document or a part of one. */
type Bom = Readonly<Record<string, unknown>>;

/**
 * The bill of materials of a binary, as CycloneDX 1.6 (ECMA-424): fob, the Deno runtime and the
 * embedded npm packages, without build and test dependencies. The same source gives the same document.
 */
export function makeBom(version: string, packages: ReadonlyMap<string, Package>): Bom {
  const deno = {
    type: "platform",
    "bom-ref": "deno",
    name: "deno",
    version: Deno.version.deno,
    purl: `pkg:github/denoland/deno@v${Deno.version.deno}`,
    licenses: [{ license: { id: "MIT" } }],
  };
  const components = [deno, ...[...packages.values()].map(describe)];
  return {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    serialNumber: `urn:uuid:${uuidOf(JSON.stringify([version, components]))}`,
    version: 1,
    metadata: {
      timestamp: new Date(releaseTime() * 1000).toISOString().replace(/\.\d+Z$/, "Z"),
      component: {
        type: "application",
        "bom-ref": "fob",
        name: "fob",
        version,
        licenses: [{ license: { id: "MIT" } }],
      },
    },
    components,
    dependencies: [
      { ref: "fob", dependsOn: ["deno", ...roots(packages).map((key) => purl(packages, key))] },
      { ref: "deno", dependsOn: [] },
      ...[...packages].map(([key, { dependencies }]) => ({
        ref: purl(packages, key),
        dependsOn: dependencies.map((needed) => purl(packages, needed)),
      })),
    ],
  };
}

function describe({ name, version, license, integrity }: Package): Bom {
  const ref = purlOf(name, version);
  return {
    type: "library",
    "bom-ref": ref,
    name,
    version,
    purl: ref,
    hashes: [{
      alg: "SHA-512",
      content: Buffer.from(integrity.replace(/^sha512-/, ""), "base64").toString("hex"),
    }],
    licenses: [{ license: { id: license } }],
  };
}

/** The packages that no other package depends on. */
function roots(packages: ReadonlyMap<string, Package>): string[] {
  const asked = new Set([...packages.values()].flatMap(({ dependencies }) => dependencies));
  return [...packages.keys()].filter((key) => !asked.has(key));
}

function purl(packages: ReadonlyMap<string, Package>, key: string): string {
  const found = packages.get(key);
  if (found === undefined) throw new Error(`"${key}" is not shipped`);
  return purlOf(found.name, found.version);
}

/** The package URL (type npm). The `@` of a scope is escaped. */
function purlOf(name: string, version: string): string {
  return `pkg:npm/${name.replace("@", "%40")}@${version}`;
}

/** A UUID of version 8 (RFC 9562, 5.8), derived from `text`. */
function uuidOf(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ];
  return parts.join("-");
}

if (import.meta.main) {
  const bom = makeBom(settings.version, await shippedPackages());
  const path = `release/fob-${settings.version}.cdx.json`;
  await Deno.mkdir("release", { recursive: true });
  await Deno.writeTextFile(path, `${JSON.stringify(bom, undefined, 2)}\n`);
  console.log(path);
}
