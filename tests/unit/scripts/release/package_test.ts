import assert from "node:assert/strict";
import settings from "../../../../deno.json" with { type: "json" };
import { type Entry, tarGzip, zip } from "../../../../scripts/release/archive.ts";
import { readChecksums, sumFiles, writeChecksums } from "../../../../scripts/release/checksums.ts";
import { debName } from "../../../../scripts/release/deb.ts";
import { makePackages, releaseFiles } from "../../../../scripts/release/package.ts";
import { archiveName, findTarget, targets } from "../../../../scripts/release/targets.ts";
import { fakeFob } from "../../../rigs/release_server.ts";
import { missingRigs } from "../../../rigs/rigs.ts";

const missing = await missingRigs();
const ignore = missing.includes("packaging");
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const bytes = (words: string): Uint8Array => new TextEncoder().encode(words);

/** Calls `use` with a temporary folder. */
async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "fob-package-" });
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Runs a command that must succeed, and returns its stdout. */
async function run(command: string, ...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, { args }).output();
  assert.ok(success, `${command}: ${text(stdout)}${text(stderr)}`);
  return text(stdout);
}

/** Writes the output of the previous tasks into `folder`. Returns the path of the binary. */
async function prepare(folder: string): Promise<string> {
  const files: Record<string, string> = {
    "LICENSE": "MIT License\n\nCopyright (c) 2026 Example\n",
    "README.md": "brew install OWNER/tap/fob, or from https://github.com/OWNER/fob\n",
    "dist/main.js": "not of the archive",
    "dist/man/fob.1":
      '.TH FOB 1 2026-01-01 "fob" "Manual of fob"\n.SH NAME\nfob \\- sign in once\n',
    "dist/man/fob-auth-token.1":
      '.TH FOB-AUTH-TOKEN 1 2026-01-01 "fob" "Manual of fob"\n.SH NAME\nfob-auth-token \\- a token\n',
    "dist/completions/fob.bash": "complete -W auth fob\n",
    "dist/completions/_fob": "#compdef fob\n",
    "dist/completions/fob.fish": "complete -c fob\n",
    "dist/completions/fob.ps1": "# PowerShell\n",
  };
  for (const [path, words] of Object.entries(files)) {
    await Deno.mkdir(`${folder}/${path.slice(0, path.lastIndexOf("/") + 1)}`, { recursive: true });
    await Deno.writeTextFile(`${folder}/${path}`, words);
  }
  await Deno.writeFile(`${folder}/binary`, fakeFob("0.1.0").bytes);
  return `${folder}/binary`;
}

const entries: Entry[] = [
  { path: "fob-1/man/fob.1", bytes: bytes("page") },
  { path: "fob-1/fob", bytes: bytes("program ".repeat(99)), isProgram: true },
  { path: "fob-1/empty", bytes: new Uint8Array() },
];

Deno.test("the order of the entries does not change an archive", () => {
  for (const pack of [tarGzip, zip]) {
    assert.deepEqual(pack(entries, 1e9), pack(entries.toReversed(), 1e9));
    assert.notDeepEqual(pack(entries, 1e9), pack(entries, 1.1e9));
  }
});

Deno.test("a gzipped archive has no time and no operating system", () => {
  assert.deepEqual([...tarGzip(entries, 1e9).subarray(4, 10)], [0, 0, 0, 0, 2, 255]);
});

Deno.test({ name: "tar unpacks an archive", ignore }, async () => {
  await inFolder(async (folder) => {
    await Deno.writeFile(`${folder}/a.tar.gz`, tarGzip(entries, 1e9));
    const list = await run("tar", "--utc", "-tvzf", `${folder}/a.tar.gz`);
    assert.match(list, /^-rw-r--r-- root\/root +0 2001-09-09 01:46 fob-1\/empty$/m);
    assert.match(list, /^-rwxr-xr-x root\/root +792 2001-09-09 01:46 fob-1\/fob$/m);
    await run("tar", "-xzf", `${folder}/a.tar.gz`, "-C", folder);
    assert.equal(await Deno.readTextFile(`${folder}/fob-1/man/fob.1`), "page");
    assert.equal(await Deno.readTextFile(`${folder}/fob-1/fob`), "program ".repeat(99));
  });
});

Deno.test(
  { name: "Python unpacks a zip", ignore: missing.includes("python") },
  async () => {
    await inFolder(async (folder) => {
      await Deno.writeFile(`${folder}/a.zip`, zip(entries, 1e9));
      const script = "import sys, zipfile\narchive = zipfile.ZipFile(sys.argv[1])\n" +
        "assert archive.testzip() is None\nfor i in archive.infolist():\n" +
        "  print(i.filename, oct(i.external_attr >> 16), i.date_time, len(archive.read(i)))\n";
      const list = await run("python3", "-c", script, `${folder}/a.zip`);
      assert.deepEqual(list.trimEnd().split("\n"), [
        "fob-1/empty 0o100644 (2001, 9, 9, 1, 46, 40) 0",
        "fob-1/fob 0o100755 (2001, 9, 9, 1, 46, 40) 792",
        "fob-1/man/fob.1 0o100644 (2001, 9, 9, 1, 46, 40) 4",
      ]);
    });
  },
);

for (const target of targets) {
  Deno.test(
    { name: `a release for ${target.triple} is complete and reproducible`, ignore },
    async () => {
      await inFolder(async (folder) => {
        const files = await releaseFiles(target, await prepare(folder), `${folder}/`);
        const paths = await makePackages("0.1.0", target, files, `${folder}/one`);
        await makePackages("0.1.0", target, files.toReversed(), `${folder}/two`);
        assert.deepEqual(await sumFiles(`${folder}/one`), await sumFiles(`${folder}/two`));
        const names = [archiveName("0.1.0", target)];
        if (target.os === "linux") names.push(debName("0.1.0", target));
        assert.deepEqual(paths, names.map((name) => `${folder}/one/${name}`));
        assert.deepEqual(files.map(({ path }) => path).sort(), [
          "LICENSE",
          "README.md",
          "THIRD_PARTY",
          "completions/_fob",
          "completions/fob.bash",
          "completions/fob.fish",
          "completions/fob.ps1",
          target.os === "windows" ? "fob.exe" : "fob",
          "man/fob-auth-token.1",
          "man/fob.1",
        ]);
      });
    },
  );
}

Deno.test("the README of a release names the repository", async () => {
  await inFolder(async (folder) => {
    const binary = await prepare(folder);
    Deno.env.set("FOB_REPOSITORY", "acme/fob-cli");
    try {
      const files = await releaseFiles(findTarget("x86_64-apple-darwin"), binary, `${folder}/`);
      const readme = files.find(({ path }) => path === "README.md");
      assert.equal(
        text(readme?.bytes ?? new Uint8Array()),
        "brew install acme/tap/fob, or from https://github.com/acme/fob-cli\n",
      );
    } finally {
      Deno.env.delete("FOB_REPOSITORY");
    }
  });
});

Deno.test("each link in the README of a release leads to a file of the archive or to the repository", async () => {
  await inFolder(async (folder) => {
    const binary = await prepare(folder);
    const top = new URL("../../../../", import.meta.url);
    await Deno.copyFile(new URL("README.md", top), `${folder}/README.md`);
    const files = await releaseFiles(findTarget("x86_64-apple-darwin"), binary, `${folder}/`);
    const readme = text(
      files.find(({ path }) => path === "README.md")?.bytes ?? new Uint8Array(),
    );
    const released = `https://github.com/OWNER/fob/(blob|raw)/v${settings.version}/`;
    const links = [...readme.matchAll(/\]\(([^)]*)\)/g)].map(([, link = ""]) => link);
    assert.ok(links.length > 10);
    for (const link of links) {
      const path = link.replace(new RegExp(`^${released}`), "").replace(/#.*$/, "");
      if (path === link.replace(/#.*$/, "")) {
        const isKnown = /^https:|^#/.test(link) || files.some((file) => file.path === path);
        assert.ok(isKnown, link);
      } else assert.ok((await Deno.stat(new URL(path, top))).isFile, link);
    }
    assert.ok(
      readme.includes(`](https://github.com/OWNER/fob/raw/v${settings.version}/.github/tour.svg)`),
    );
  });
});

Deno.test("a missing file of a release is an error with the task that makes it", async (t) => {
  const target = findTarget("x86_64-unknown-linux-gnu");
  const cases: Record<string, RegExp> = {
    "binary": /".*binary" not found: run deno task compile/,
    "dist/man/fob.1": /"dist\/man\/fob\.1" not found: run deno task man/,
    "dist/man": /run deno task man/,
    "dist/completions/_fob": /".*_fob" not found: run deno task completions/,
    "LICENSE": /".*LICENSE" not found$/,
  };
  for (const [path, why] of Object.entries(cases)) {
    await t.step(path, () =>
      inFolder(async (folder) => {
        const binary = await prepare(folder);
        await Deno.remove(`${folder}/${path}`, { recursive: true });
        await assert.rejects(releaseFiles(target, binary, `${folder}/`), why);
      }));
  }
});

Deno.test({ name: "the Debian package installs every file to its place", ignore }, async () => {
  await inFolder(async (folder) => {
    const target = findTarget("aarch64-unknown-linux-gnu");
    const files = await releaseFiles(target, await prepare(folder), `${folder}/`);
    const [, deb = ""] = await makePackages("0.1.0", target, files, folder);
    assert.equal(
      await run("dpkg-deb", "--field", deb, "Package", "Version", "Architecture"),
      "Package: fob\nVersion: 0.1.0\nArchitecture: arm64\n",
    );
    const list = await run("dpkg-deb", "--contents", deb);
    assert.deepEqual(
      list.trimEnd().split("\n").filter((line) => !line.endsWith("/"))
        .map((line) => line.replace(/ +\d+ .* /, " ")),
      [
        "-rwxr-xr-x root/root ./usr/bin/fob",
        "-rw-r--r-- root/root ./usr/share/bash-completion/completions/fob",
        "-rw-r--r-- root/root ./usr/share/doc/fob/THIRD_PARTY",
        "-rw-r--r-- root/root ./usr/share/doc/fob/changelog.gz",
        "-rw-r--r-- root/root ./usr/share/doc/fob/copyright",
        "-rw-r--r-- root/root ./usr/share/fish/vendor_completions.d/fob.fish",
        "-rw-r--r-- root/root ./usr/share/man/man1/fob-auth-token.1.gz",
        "-rw-r--r-- root/root ./usr/share/man/man1/fob.1.gz",
        "-rw-r--r-- root/root ./usr/share/zsh/vendor-completions/_fob",
      ],
    );
    await run("dpkg-deb", "--extract", deb, `${folder}/tree`);
    assert.equal(await run(`${folder}/tree/usr/bin/fob`, "--version"), "fob 0.1.0\n");
    assert.match(
      await run("gunzip", "-c", `${folder}/tree/usr/share/man/man1/fob.1.gz`),
      /\.TH FOB/,
    );
  });
});

Deno.test({
  name: "dpkg installs and removes the Debian package",
  // dpkg needs root even with --root.
  ignore: ignore || Deno.uid() !== 0,
  fn: () =>
    inFolder(async (folder) => {
      const target = findTarget(`${Deno.build.arch}-unknown-linux-gnu`);
      const files = await releaseFiles(target, await prepare(folder), `${folder}/`);
      const [, deb = ""] = await makePackages("0.1.0", target, files, folder);
      await Deno.mkdir(`${folder}/root/var/lib/dpkg/info`, { recursive: true });
      await Deno.mkdir(`${folder}/root/var/lib/dpkg/updates`);
      await Deno.writeTextFile(`${folder}/root/var/lib/dpkg/status`, "");
      const dpkg = (...args: string[]): Promise<string> =>
        run("dpkg", `--root=${folder}/root`, "--force-depends", "--no-triggers", ...args);
      await dpkg("--install", deb);
      assert.equal(await run(`${folder}/root/usr/bin/fob`, "--version"), "fob 0.1.0\n");
      await dpkg("--purge", "fob");
      const left = await Array.fromAsync(Deno.readDir(`${folder}/root`));
      assert.deepEqual(left.map(({ name }) => name), ["var"]);
    }),
});

/** Expected lintian tags: the package closes no Debian bug, and the program of this test is a script. */
const known = ["initial-upload-closes-no-bugs", "script-with-language-extension"];

Deno.test({ name: "lintian reports nothing about the Debian package", ignore }, async () => {
  await inFolder(async (folder) => {
    const target = findTarget("x86_64-unknown-linux-gnu");
    const files = await releaseFiles(target, await prepare(folder), `${folder}/`);
    const [, deb = ""] = await makePackages("0.1.0", target, files, folder);
    const { stdout } = await new Deno.Command("lintian", {
      args: ["--allow-root", "--tag-display-limit=0", deb],
    }).output();
    const lines = text(stdout).trim().split("\n").filter(Boolean);
    const found = lines.filter((line) => !known.some((tag) => line.includes(tag)));
    assert.deepEqual(found, []);
  });
});

Deno.test({ name: "sha256sum verifies SHA256SUMS", ignore }, async () => {
  await inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/b.zip`, "b");
    await Deno.writeTextFile(`${folder}/a.tar.gz`, "a");
    await Deno.mkdir(`${folder}/x86_64-apple-darwin`);
    const sums = writeChecksums(await sumFiles(folder));
    assert.deepEqual(sums.split("\n").map((line) => line.slice(66)), ["a.tar.gz", "b.zip", ""]);
    await Deno.writeTextFile(`${folder}/SHA256SUMS`, sums);
    assert.deepEqual(await sumFiles(folder), readChecksums(sums));
    const script = 'cd "$1" && sha256sum --check --strict SHA256SUMS';
    assert.match(await run("sh", "-c", script, "sh", folder), /a\.tar\.gz: OK\nb\.zip: OK\n/);
  });
  assert.throws(() => readChecksums("abc  fob.zip\n"), /Invalid checksum line: "abc {2}fob\.zip"/);
});
