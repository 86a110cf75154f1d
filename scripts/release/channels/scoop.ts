import { downloadUrl, homepage, summary } from "../repository.ts";
import { archiveName, releaseName, type Target, targets } from "../targets.ts";

/** Scoop's names for processor architectures. */
const architectures = { x86_64: "64bit", aarch64: "arm64" } as const;

/**
 * The manifest of `version` for a bucket (Scoop wiki, "App Manifests" and "App Manifest Autoupdate").
 * `hash` returns the SHA-256 of an archive.
 */
export function scoopManifest(version: string, hash: (file: string) => string): string {
  const manifest = {
    version,
    description: `${summary}.`,
    homepage: homepage(),
    license: "MIT",
    architecture: byArchitecture((target) => ({
      url: downloadUrl(version, archiveName(version, target)),
      hash: hash(archiveName(version, target)),
      extract_dir: releaseName(version, target),
    })),
    bin: "fob.exe",
    checkver: { github: homepage() },
    autoupdate: {
      architecture: byArchitecture((target) => ({
        url: downloadUrl("$version", archiveName("$version", target)),
        extract_dir: releaseName("$version", target),
      })),
      hash: { url: "$baseurl/SHA256SUMS" },
    },
  };
  return `${JSON.stringify(manifest, undefined, 4)}\n`;
}

function byArchitecture<T>(describe: (target: Target) => T): Record<string, T> {
  const ours = targets.filter(({ os }) => os === "windows");
  return Object.fromEntries(ours.map((target) => [architectures[target.arch], describe(target)]));
}
