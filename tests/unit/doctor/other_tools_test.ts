import assert from "node:assert/strict";
import fc from "fast-check";
import { fixFor } from "../../../src/cli/machine/doctor_fixes.ts";
import type { Check } from "../../../src/doctor/check.ts";
import { checkForeignSecrets } from "../../../src/doctor/other_tools.ts";
import { astro } from "../../../src/migrate/sources/astro.ts";
import { databricks } from "../../../src/migrate/sources/databricks.ts";
import { dockerConfig } from "../../../src/migrate/sources/docker.ts";
import { gh } from "../../../src/migrate/sources/gh.ts";
import { gitCredentials } from "../../../src/migrate/sources/git.ts";
import { FakeClock } from "../../fakes/machine/clock.ts";
import { environmentOf } from "../../fakes/machine/environment.ts";
import { MemoryMachine } from "../../fakes/machine/memory_machine.ts";
import { MemoryTextFile } from "../../fakes/machine/memory_text_file.ts";
import { noon } from "../../fakes/stores/credentials.ts";

type Texts = Readonly<Record<string, string>>;

async function checksOf(
  texts: Texts,
  backups: Texts = {},
  machine = new MemoryMachine(),
): Promise<Check[]> {
  return await checkForeignSecrets({
    environment: environmentOf({ HOME: "/h" }),
    machine,
    sources: [
      databricks,
      astro,
      gh,
      gitCredentials({ placeOf: () => undefined }),
      dockerConfig({ placeOf: () => undefined }),
    ],
    clock: new FakeClock(noon),
    foreignFile: (path) => {
      const file = new MemoryTextFile(texts[path] ?? "", path);
      file.backup = backups[path] ?? "";
      return Promise.resolve(file);
    },
  });
}

async function checkOf(tool: string, ...files: Parameters<typeof checksOf>): Promise<Check> {
  const found = (await checksOf(...files)).find(({ id }) => id === `plaintext:${tool}`);
  assert.ok(found);
  return found;
}

Deno.test("without secrets of other tools, there is an ok check for each tool", async () => {
  const checks = await checksOf({ "/h/.npmrc": "email = me\n" });
  assert.deepEqual(checks.map(({ id, state }) => `${id} ${state}`), [
    "plaintext:databricks ok",
    "plaintext:astro ok",
    "plaintext:gh ok",
    "plaintext:git ok",
    "plaintext:docker ok",
    "plaintext:npm ok",
    "plaintext:netrc ok",
  ]);
});

Deno.test("secrets are reported with file, keys and count, and with the migration", async () => {
  const check = await checkOf("databricks", {
    "/h/.databrickscfg": "[a]\ntoken = one\n[b]\ntoken = two\n",
  });
  assert.equal(check.state, "warn");
  assert.equal(check.detail, '2 secrets in "/h/.databrickscfg": [a] token, [b] token');
  assert.match(fixFor(check) ?? "", /^fob migrate --from databricks --remove/);
});

Deno.test("a file that other users can read is reported with its mode", async () => {
  const machine = new MemoryMachine();
  machine.put("/h/.netrc", "file", { mode: 0o640 });
  const texts = { "/h/.netrc": "machine a.example password p" };
  const check = await checkOf("netrc", texts, {}, machine);
  assert.equal(
    check.detail,
    '1 secret in "/h/.netrc", which other users can read (mode 0640): a.example',
  );
  machine.put("/h/.netrc", "file");
  assert.equal(
    (await checkOf("netrc", texts, {}, machine)).detail,
    '1 secret in "/h/.netrc": a.example',
  );
});

Deno.test("a backup with secrets is reported, and the fix is to remove it", async () => {
  const check = await checkOf("gh", {}, {
    "/h/.config/gh/hosts.yml": "github.com:\n  oauth_token: gho\n",
  });
  assert.equal(
    check.detail,
    '1 secret in "/h/.config/gh/hosts.yml.fob-backup": github.com.oauth_token',
  );
  assert.equal(
    fixFor(check),
    "Once everything works: rm /h/.config/gh/hosts.yml.fob-backup",
  );
});

Deno.test("of many keys, the first five are named and the rest counted", async () => {
  const lines = Array.from({ length: 7 }, (_, i) => `https://me:pw@host${i}.example`);
  const { detail } = await checkOf("git", { "/h/.git-credentials": lines.join("\n") });
  assert.match(detail, /^7 secrets in .*host4\.example, and 2 more$/);
});

Deno.test("an unreadable file is a warning, not a failure", async () => {
  const check = await checkOf("docker", { "/h/.docker/config.json": "{" });
  assert.deepEqual([check.state, check.code], ["warn", "file_unread"]);
});

const marker = "S3CR";
const secrets = fc.string({ unit: "grapheme", maxLength: 40 })
  .filter((text) => !text.includes(marker)).map((text) => marker + text);

function homeWith(secret: string): Texts {
  const json = JSON.stringify(secret);
  return {
    "/h/.databrickscfg":
      `token = ${secret}\n[a]\ntoken=${secret}\nclient_secret = "${secret}"\npassword: ${secret}`,
    "/h/.databricks/token-cache.json":
      `{"version": 1, "tokens": {"a": {"access_token": ${json}, "refresh_token": ${json}}}}`,
    "/h/.astro/config.yaml":
      `contexts:\n  c:\n    token: Bearer ${secret}\n    refreshtoken: ${json}\n`,
    "/h/.config/gh/hosts.yml": `github.com:\n  oauth_token: ${secret}\n`,
    "/h/.git-credentials": `https://me:${secret}@a.example\n`,
    "/h/.config/git/credentials": `https://me:${encodeURIComponent(secret)}@a.example\n`,
    "/h/.docker/config.json": `{"auths": {"a": {"auth": ${json}}}}`,
    "/h/.npmrc": `//a/:_authToken=${secret}\n_auth = ${json}\n`,
    "/h/.netrc": `machine a password ${json}\nmachine b password ${secret}\n`,
  };
}

Deno.test("no part of a secret is in a check or its fix", async () => {
  await fc.assert(fc.asyncProperty(secrets, async (secret) => {
    const texts = homeWith(secret);
    for (const checks of [await checksOf(texts, texts), await checksOf({}, texts)]) {
      const notices = JSON.stringify([checks, checks.map(fixFor)]);
      assert.ok(!notices.includes(marker), notices);
    }
  }));
});
