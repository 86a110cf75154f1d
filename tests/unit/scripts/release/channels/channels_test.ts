import assert from "node:assert/strict";
import { channelFiles, installers } from "../../../../../scripts/release/channels/channels.ts";
import type { Checksums } from "../../../../../scripts/release/checksums.ts";
import { archiveName, targets } from "../../../../../scripts/release/targets.ts";
import { missingRigs } from "../../../../rigs/rigs.ts";

const ignore = (await missingRigs()).includes("packaging");
const version = "1.2.3";
/** The checksums of a release, different for each archive. */
const checksums: Checksums = new Map(
  targets.map((target, index) => [archiveName(version, target), `${index + 1}`.repeat(64)]),
);

/** The files of the channels of a release in the repository `name`. */
function filesIn(name: string, sums = checksums): Record<string, string> {
  Deno.env.set("FOB_REPOSITORY", name);
  try {
    return channelFiles(version, sums);
  } finally {
    Deno.env.delete("FOB_REPOSITORY");
  }
}

const files = filesIn("acme/fob");
const scoop = JSON.parse(files["scoop/fob.json"] ?? "");
const formula = files["homebrew/fob.rb"] ?? "";

/** Runs Ruby and returns its stdout. */
async function ruby(...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command("ruby", { args }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

Deno.test("every archive is in one channel, with its hash", () => {
  const pairs = [
    ...[...formula.matchAll(/url "(.*)"\n\s+sha256 "(.*)"/g)].map(([, url, hash]) => [url, hash]),
    ...Object.values(scoop.architecture).map((it) => {
      const { url, hash } = it as { url: string; hash: string };
      return [url, hash];
    }),
  ];
  const expected = [...checksums].map(([name, hash]) => [
    `https://github.com/acme/fob/releases/download/v1.2.3/${name}`,
    hash,
  ]);
  assert.deepEqual(pairs.sort(), expected.sort());
});

Deno.test("a missing checksum of an archive is an error", () => {
  for (const name of checksums.keys()) {
    const others = new Map([...checksums].filter(([other]) => other !== name));
    assert.throws(
      () => filesIn("acme/fob", others),
      (error: Error) => error.message.includes(name),
    );
  }
});

Deno.test("FOB_REPOSITORY is the only repository in installers and manifests", async () => {
  Deno.env.set("FOB_REPOSITORY", "acme/fob");
  try {
    const made = { ...files, ...await installers() };
    for (const [path, text] of Object.entries(made)) {
      assert.doesNotMatch(text, /OWNER/, path);
      const named = [...text.matchAll(/github\.com\/([\w.-]+\/[\w.-]+)/g)].map(([, name]) => name);
      assert.deepEqual(named.filter((name) => name !== "acme/fob"), [], path);
    }
    assert.match(made["install.sh"] ?? "", /^repository='acme\/fob'$/m);
    assert.match(made["install.ps1"] ?? "", /https:\/\/github\.com\/acme\/fob\/releases'/);
    assert.throws(
      () => filesIn("acme fob; rm"),
      /FOB_REPOSITORY is not OWNER\/NAME: "acme fob; rm"/,
    );
  } finally {
    Deno.env.delete("FOB_REPOSITORY");
  }
});

Deno.test({ name: "Ruby loads the Homebrew formula", ignore }, async () => {
  const path = await Deno.makeTempFile({ suffix: ".rb" });
  try {
    await Deno.writeTextFile(path, formula);
    assert.equal(await ruby("-c", path), "Syntax OK\n");
    // A stand-in for Homebrew that records calls: what would be installed on an ARM Mac, and from which URL.
    const brew = `class Formula
  @calls = []
  class << self
    attr_reader :calls
    def test = @calls << [:test]
    def inherited(sub) = sub.instance_variable_set(:@calls, [])
    def method_missing(name, *args, &block)
      @calls << [name, *args]
      block&.call if %i[on_macos on_arm livecheck].include?(name)
    end
  end
  def method_missing(name, *) = Place.new(name)
end
Place = Struct.new(:name) { def install(*what) = p([name, *what]) }
load ARGV[0]
p Fob.calls.map(&:first).tally
p Fob.calls.filter_map { |name, what| what if name == :url && what.is_a?(String) }
Fob.new.install
`;
    const calls = await ruby("-e", brew, path);
    assert.match(calls, /:desc=>1, :homepage=>1, :version=>1, :license=>1, :livecheck=>1/);
    assert.match(calls, /^\["https:.*-aarch64-apple-darwin\.tar\.gz"\]$/m);
    assert.match(calls, /\[:bin, "fob"\]/);
    assert.match(calls, /\[:bash_completion, \{"completions\/fob\.bash"=>"fob"\}\]/);
    assert.match(calls, /\[:zsh_completion, "completions\/_fob"\]/);
    assert.match(calls, /\[:fish_completion, "completions\/fob\.fish"\]/);
    assert.match(calls, /\[:man1, \[/);
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("the Homebrew formula follows the style rules of brew audit", () => {
  const [, words = ""] = /^ {2}desc "(.*)"$/m.exec(formula) ?? [];
  assert.ok(words.length > 0 && words.length < 80, words);
  assert.doesNotMatch(words, /^(an?|the|fob)\b|\.$/i);
  assert.ok(formula.split("\n").every((line) => line.length <= 118));
  assert.match(formula, /test do\n/);
});

Deno.test("the Scoop manifest matches its schema", () => {
  assert.deepEqual(Object.keys(scoop).sort(), [
    "architecture",
    "autoupdate",
    "bin",
    "checkver",
    "description",
    "homepage",
    "license",
    "version",
  ]);
  assert.match(scoop.version, /^[\w.+-]+$/);
  assert.deepEqual(Object.keys(scoop.architecture), ["64bit", "arm64"]);
  for (const [name, it] of Object.entries<Record<string, string>>(scoop.architecture)) {
    assert.deepEqual(Object.keys(it), ["url", "hash", "extract_dir"], name);
    // A URL without placeholders, and a SHA-256 hash.
    assert.ok(URL.canParse(it.url ?? "") && !it.url?.includes("$"), name);
    assert.match(it.hash ?? "", /^[a-f0-9]{64}$/);
    const update = scoop.autoupdate.architecture[name];
    assert.deepEqual(Object.keys(update), ["url", "extract_dir"]);
    assert.equal(update.url.replaceAll("$version", version), it.url);
    assert.equal(update.extract_dir.replaceAll("$version", version), it.extract_dir);
  }
  // hashExtraction: a file beside the archive, in which Scoop looks for the archive's name.
  assert.deepEqual(scoop.autoupdate.hash, { url: "$baseurl/SHA256SUMS" });
  assert.deepEqual(scoop.checkver, { github: "https://github.com/acme/fob" });
});

/** Patterns of WinGet's schema 1.6.0. */
const identifier = /^[^.\s\\/:*?"<>|]{1,32}(\.[^.\s\\/:*?"<>|]{1,32}){1,7}$/;
const required: Readonly<Record<string, readonly string[]>> = {
  "acme.fob.yaml": ["DefaultLocale"],
  "acme.fob.locale.en-US.yaml": [
    "PackageLocale",
    "Publisher",
    "PackageName",
    "License",
    "ShortDescription",
  ],
  "acme.fob.installer.yaml": ["Installers", "InstallerType", "NestedInstallerType"],
};
const types: Readonly<Record<string, string>> = {
  "acme.fob.yaml": "version",
  "acme.fob.locale.en-US.yaml": "defaultLocale",
  "acme.fob.installer.yaml": "installer",
};

Deno.test({ name: "the WinGet manifests match the schema", ignore }, async () => {
  for (const [name, fields] of Object.entries(required)) {
    const script = "require 'yaml'; require 'json'; puts JSON.generate(YAML.safe_load(ARGV[0]))";
    const found = JSON.parse(await ruby("-e", script, files[`winget/${name}`] ?? ""));
    assert.match(found.PackageIdentifier, identifier);
    assert.equal(found.PackageVersion, version);
    assert.equal(found.ManifestType, types[name]);
    assert.equal(found.ManifestVersion, "1.6.0");
    for (const field of fields) assert.ok(found[field] !== undefined, `${name}: ${field}`);
    for (const [key, value] of Object.entries(found)) {
      if (key.endsWith("Url")) assert.match(String(value), /^https:\/\/.+$/);
    }
    if (name.includes("locale")) assert.ok(found.ShortDescription.length <= 256);
    if (types[name] === "installer") checkInstallers(found);
  }
});

function checkInstallers(found: {
  InstallerType: string;
  NestedInstallerType: string;
  Installers: Record<string, string & { RelativeFilePath: string }[]>[];
}): void {
  assert.deepEqual([found.InstallerType, found.NestedInstallerType], ["zip", "portable"]);
  assert.deepEqual(found.Installers.map((it) => it.Architecture), ["x64", "arm64"]);
  for (const it of found.Installers) {
    const name = `${it.InstallerUrl}`.split("/").at(-1) ?? "";
    assert.equal(it.InstallerSha256, checksums.get(name)?.toUpperCase());
    assert.match(`${it.InstallerSha256}`, /^[A-Fa-f0-9]{64}$/);
    assert.deepEqual(it.NestedInstallerFiles, [{
      RelativeFilePath: `${name.replace(/\.zip$/, "")}\\fob.exe`,
      PortableCommandAlias: "fob",
    }]);
  }
}
