import { downloadUrl, homepage, owner, summary } from "../repository.ts";
import { archiveName, releaseName, targets } from "../targets.ts";

/** WinGet's names for processor architectures. */
const architectures = { x86_64: "x64", aarch64: "arm64" } as const;

const schema = "1.6.0";

/**
 * The three manifests of `version` by file name, in WinGet's schema 1.6.0 (microsoft/winget-cli,
 * schemas/JSON/manifests/v1.6.0). `hash` returns the SHA-256 of an archive.
 */
export function wingetManifests(
  version: string,
  hash: (file: string) => string,
): Record<string, string> {
  const id = `${owner()}.fob`;
  return {
    [`${id}.yaml`]: manifest("version", id, version, { DefaultLocale: "en-US" }),
    [`${id}.locale.en-US.yaml`]: manifest("defaultLocale", id, version, {
      PackageLocale: "en-US",
      Publisher: owner(),
      PublisherUrl: `https://github.com/${owner()}`,
      PublisherSupportUrl: `${homepage()}/issues`,
      PackageName: "fob",
      PackageUrl: homepage(),
      License: "MIT",
      LicenseUrl: `${homepage()}/blob/v${version}/LICENSE`,
      ShortDescription: `${summary}.`,
      Moniker: "fob",
      ReleaseNotesUrl: `${homepage()}/releases/tag/v${version}`,
    }),
    [`${id}.installer.yaml`]: manifest("installer", id, version, {
      InstallerType: "zip",
      NestedInstallerType: "portable",
      UpgradeBehavior: "uninstallPrevious",
    }, installers(version, hash)),
  };
}

/** The installers are zip archives with the program in a folder. WinGet creates the command as a link. */
function installers(version: string, hash: (file: string) => string): string {
  const entries = targets.filter(({ os }) => os === "windows").map((target) => {
    const file = archiveName(version, target);
    return `- Architecture: ${architectures[target.arch]}
  InstallerUrl: ${quote(downloadUrl(version, file))}
  InstallerSha256: ${quote(hash(file).toUpperCase())}
  NestedInstallerFiles:
  - RelativeFilePath: ${quote(`${releaseName(version, target)}\\fob.exe`)}
    PortableCommandAlias: fob
`;
  });
  return `Installers:\n${entries.join("")}`;
}

function manifest(
  type: string,
  id: string,
  version: string,
  fields: Readonly<Record<string, string>>,
  more = "",
): string {
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${quote(value)}\n`);
  return `# yaml-language-server: $schema=https://aka.ms/winget-manifest.${type}.${schema}.schema.json
PackageIdentifier: ${quote(id)}
PackageVersion: ${quote(version)}
${lines.join("")}${more}ManifestType: ${type}
ManifestVersion: ${schema}
`;
}

/** Quotes a string as JSON, which is valid YAML. */
function quote(text: string): string {
  return JSON.stringify(text);
}
