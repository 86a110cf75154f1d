import assert from "node:assert/strict";
import { applyEdits, undoEdits } from "../../../src/connect/edits.ts";
import { readRecord } from "../../../src/connect/record.ts";
import { decode } from "../../../src/credentials/envelope.ts";
import { DatabricksProfiles } from "../../../src/databricks/config_file.ts";
import { netrc } from "../../../src/doctor/netrc_scanner.ts";
import { npm } from "../../../src/doctor/npm_scanner.ts";
import type { PlaintextScanner } from "../../../src/doctor/plaintext_scanner.ts";
import { isNotedRefused, readHandedOut } from "../../../src/helpers/handed_out.ts";
import type { PlaceOf } from "../../../src/migrate/source.ts";
import { type SourceName, sourceNames, sources } from "../../../src/migrate/sources.ts";
import { openClient } from "../../../src/oauth/client.ts";
import { deviceAuthorizationGrant } from "../../../src/oauth/grants/device_authorization.ts";
import { LoopbackRedirect } from "../../../src/oauth/grants/loopback_redirect.ts";
import { pastedCallback } from "../../../src/oauth/grants/pasted_callback.ts";
import { discoverFromHost, discoverIssuer } from "../../../src/oauth/metadata.ts";
import { refreshTokens } from "../../../src/oauth/token_endpoint.ts";
import { Profiles } from "../../../src/profiles/profile_file.ts";
import { isAtRemote } from "../../../src/profiles/rule_patterns.ts";
import { readRules } from "../../../src/profiles/rules.ts";
import { checkAccess } from "../../../src/providers/databricks/access.ts";
import { Secret } from "../../../src/secret.ts";
import { PlaintextFileStore } from "../../../src/stores/plaintext_file.ts";
import { TokenCacheFile } from "../../../src/stores/token_cache_file.ts";
import { readManifest } from "../../../src/stores/windows/manifest.ts";
import { lines } from "../../../src/text/formats/env_format.ts";
import { hcl } from "../../../src/text/formats/hcl_format.ts";
import { json } from "../../../src/text/formats/json_format.ts";
import type { Json, SettingsFormat } from "../../../src/text/formats/settings_format.ts";
import { readTomlValues, toml } from "../../../src/text/formats/toml_format.ts";
import { readRemotes, remoteAddress } from "../../../src/text/git_remotes.ts";
import { IniDocument } from "../../../src/text/ini.ts";
import { readJwtLife } from "../../../src/text/jwt.ts";
import {
  interruptedRefresh,
  notedSpending,
  outageBetween,
} from "../../../src/tokens/refresh_journal.ts";
import { makeTemporaryDirectory } from "../../fakes/machine/temporary_directory.ts";
import { fakePrompts, held, noon, serverAt } from "../oauth/fixture.ts";
import { localReaders } from "./local_readers.ts";
import { answering, type Reader, reader } from "./reader.ts";
import { serverReaders } from "./server_readers.ts";
import { toolReaders } from "./tool_readers.ts";

const issuer = "https://login.example.com";
const api = "https://api.example.com";
const clock = { now: (): number => noon, sleep: (): Promise<void> => Promise.resolve() };

function clientThatHears(bytes: Uint8Array<ArrayBuffer>, status = 200): ReturnType<
  typeof openClient
> {
  return openClient(serverAt(issuer), { clientId: "fob" }, {
    fetch: answering(bytes, status),
    now: clock.now,
  });
}

function ini(text: string): void {
  const document = IniDocument.parse(text);
  assert.equal(document.toString(), text);
  for (const section of document.sections()) document.has(section);
  const profiles = new Profiles(text, "config.ini");
  for (const profile of profiles.all()) {
    assert.equal(profiles.get(profile.name)?.name, profile.name);
  }
  profiles.byDefault();
  profiles.namesWithToken();
}

function rules(text: string): void {
  const profiles = new Profiles(text, "config.ini");
  for (const { name, conditions } of readRules(profiles.ruleSections(), "config.ini")) {
    assert.doesNotMatch(name, /\p{Cc}/u);
    assert.ok(conditions.length > 0);
  }
}

/** Any content is accepted: the file belongs to the repository. */
function gitConfig(text: string): void {
  for (const remote of readRemotes(text)) {
    const { host, path } = remoteAddress(remote) ?? { host: "none", path: [] };
    assert.doesNotMatch([host, ...path].join("/"), /[\p{Cc}\\]|(^|\/)\.\.?(\/|$)/u);
    isAtRemote("*.example.com/**/team", remote);
  }
}

/** Writes the bytes to a file with mode 0600 in a directory with mode 0700. */
async function inFile(
  bytes: Uint8Array,
  read: (path: string) => Promise<unknown>,
): Promise<void> {
  await using directory = await makeTemporaryDirectory();
  const path = `${directory.path}/secrets.json`;
  await Deno.writeFile(path, bytes, { mode: 0o600 });
  const kept = await read(path).then(() => true, (error) => {
    throw error;
  }).finally(async () => {
    // The file is kept, in place or set aside.
    const names = await Array.fromAsync(Deno.readDir(directory.path), ({ name }) => name);
    assert.equal(names.filter((name) => name.startsWith("secrets.json")).length, 1);
  });
  assert.ok(kept);
}

async function device(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const end = AbortSignal.abort();
  const grant = { scopes: [], keep: (): Promise<void> => assert.fail("no sign-in expected") };
  const shown: string[] = [];
  const person = fakePrompts({
    onUserCode: ({ userCode, verificationUri }) => shown.push(userCode, `${verificationUri}`),
  });
  try {
    await deviceAuthorizationGrant(clientThatHears(bytes), grant, person, end);
  } finally {
    for (const text of shown) assert.doesNotMatch(text, /[\p{Cc}\p{Cf}]/u);
  }
}

async function callback(text: string): Promise<void> {
  async function* lines(): AsyncGenerator<string> {
    yield* text.split("\n");
  }
  const options = { redirectUri: "http://127.0.0.1:7777", state: "expected", reject: () => {} };
  const found = await pastedCallback(lines(), options);
  assert.ok(found === undefined || found.get("state") === "expected");
}

/** For any request, the listener accepts only a callback with the right state and host. */
async function request(text: string): Promise<void> {
  await using redirect = new LoopbackRedirect({ state: "expected", pageLimit: 0 });
  const { port } = new URL(redirect.uri);
  let callback: URLSearchParams | undefined;
  redirect.callback.then((it) => callback = it, () => {});
  using connection = await Deno.connect({ hostname: "127.0.0.1", port: Number(port) });
  await connection.write(new TextEncoder().encode(text.replaceAll("7777", port)));
  await connection.closeWrite().catch(() => {});
  // The response does not matter, only that the connection ends.
  await connection.read(new Uint8Array(4_096)).catch(() => {});
  if (callback === undefined) return;
  assert.deepEqual(callback.getAll("state"), ["expected"]);
  assert.match(text, /127\.0\.0\.1:7777/);
}

async function lockFile(text: string): Promise<void> {
  const lock = {
    read: () => Promise.resolve(text),
    write: () => assert.fail("must not be changed"),
    [Symbol.dispose]: () => {},
  };
  await interruptedRefresh({ kind: "oauth", issuer, clientId: "fob", tokens: held }, lock);
  await outageBetween(noon, noon, lock);
  notedSpending(text);
}

async function notes(text: string): Promise<void> {
  const refuse = (): never => assert.fail("must not be changed");
  const kept = { read: () => Promise.resolve(text), write: refuse, remove: refuse };
  await readHandedOut("oidc:work", kept);
  assert.equal(await isNotedRefused("oidc:work", new Secret("x"), kept), false);
}

/** The corpus folder of each source. */
const sourceCorpora: Readonly<Record<SourceName, string>> = {
  databricks: "databrickscfg",
  astro: "yaml",
  gh: "yaml",
  git: "git_credentials",
  docker: "docker_config",
  terraform: "terraform_credentials",
  cargo: "cargo_credentials",
};

/** Every place of a finding is a part of the text, and findings do not reveal secrets. */
function source(name: SourceName): (text: string) => Promise<void> {
  return async (text) => {
    const found = await sources[name].load({ placeOf, readToml: readTomlValues });
    for (const { secret, places } of found.find([{ path: "file", text }], noon)) {
      assert.ok(!`${secret}`.includes("cAnArY"));
      for (const { start, end } of places) {
        assert.ok(0 <= start && start < end && end <= text.length);
      }
    }
  };
}

function keeper({ find }: PlaintextScanner): (text: string) => unknown {
  return (text) => find(text, "file");
}

function databrickscfg(text: string): void {
  const profiles = new DatabricksProfiles(text, "file");
  for (const { name } of profiles.all()) assert.equal(profiles.require(name).name, name);
  profiles.byDefault();
}

const placeOf: PlaceOf = (host) => ({ origins: [`https://${host.replace(/[^a-z.]/g, "")}`] });

/** Every edit can be undone. */
function settings(
  format: SettingsFormat,
  key: readonly string[],
  value: Json = "fob",
): (text: string) => void {
  return (text) => {
    const edit = applyEdits(text, () => [{ key, value }], "file", format);
    // An empty file cannot be restored by edits, because JSON is never empty. The whole file is restored then.
    if (text.trim() === "") return;
    assert.equal(undoEdits(edit.text, edit.settings, text, "file", format), text);
  };
}

async function connectRecord(text: string): Promise<void> {
  await readRecord("git", {
    read: () => Promise.resolve(text),
    write: () => assert.fail("must not be changed"),
    remove: () => assert.fail("must not be changed"),
  });
}

/** All readers of foreign bytes and of files that other programs can change. */
export const readers: readonly Reader[] = [
  reader("the profile file", "settings", ini),
  reader("a rule", "rules", rules),
  reader("the config of a repository", "git_config", gitConfig),
  reader("Databricks' profile file", "databrickscfg", databrickscfg),
  reader("an envelope", "envelope", (text) => decode(new Secret(text), "oidc:work")),
  {
    name: "the plaintext file",
    corpus: "credentials",
    read: (bytes) =>
      inFile(bytes, async (path) => {
        const secret = await new PlaintextFileStore({ path, clock, notice: () => {} }).get(
          "oidc:work",
        );
        return secret && decode(secret, "oidc:work");
      }),
  },
  {
    name: "Databricks' token cache",
    corpus: "token_cache",
    read: (bytes) =>
      inFile(bytes, (path) => new TokenCacheFile({ path, clock, notice: () => {} }).read("work")),
  },
  {
    name: "a token response",
    corpus: "token_response",
    read: (bytes) => refreshTokens(clientThatHears(bytes), held),
  },
  {
    name: "an error of the token endpoint",
    corpus: "token_response",
    read: (bytes) => refreshTokens(clientThatHears(bytes, 400), held),
  },
  {
    name: "a server's metadata",
    corpus: "server_metadata",
    read: (bytes) => discoverIssuer(issuer, { fetch: answering(bytes), now: clock.now }),
  },
  {
    name: "an API's metadata",
    corpus: "resource_metadata",
    read: (bytes) => discoverFromHost(api, { fetch: answering(bytes), now: clock.now }),
  },
  { name: "a device authorization response", corpus: "device_response", read: device },
  reader("a pasted callback", "callback", callback),
  reader("a request to the listener", "request", request),
  {
    name: "an identity response of Databricks",
    corpus: "identity",
    read: (bytes) =>
      checkAccess({ host: api }, new Secret("cAnArY"), {
        fetch: () => Promise.resolve(new Response(bytes)),
        version: "0",
      }),
  },
  reader("a lock file", "lock_file", lockFile),
  reader("notes of tokens", "notes", notes),
  {
    name: "a manifest of parts",
    corpus: "manifest",
    read: (bytes) => readManifest(new Uint8Array([0xff, ...bytes]), "oidc:work"),
  },
  reader("a JSON Web Token", "jwt", readJwtLife),
  ...sourceNames.map((name) => reader(`secrets of ${name}`, sourceCorpora[name], source(name))),
  reader("settings in JSON", "json_settings", settings(json, ["new", "fob"])),
  reader("settings in TOML", "toml_settings", settings(toml, ["credential-alias", "fob"])),
  reader("settings in HCL", "hcl_settings", settings(hcl, ["credentials_helper", "fob"], {})),
  reader("line-based settings", "npmrc", settings(lines, ["//r/:tokenHelper"])),
  reader("the record of a connection", "connect_record", connectRecord),
  reader("npm's configuration", "npmrc", keeper(npm)),
  reader("netrc", "netrc", keeper(netrc)),
  ...toolReaders,
  ...serverReaders,
  ...localReaders,
];
