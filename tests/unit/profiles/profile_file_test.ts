import assert from "node:assert/strict";
import fc from "fast-check";
import {
  removeProfile,
  saveProfile,
  scrubToken,
  setDefaultProfile,
  setStorageMode,
} from "../../../src/credentials/profile_edits.ts";
import type { Profile } from "../../../src/profiles/profile.ts";
import { Profiles, profilesOf, readProfiles } from "../../../src/profiles/profile_file.ts";
import { Secret } from "../../../src/secret.ts";
import { MemoryUserFile } from "../../fakes/machine/memory_user_file.ts";

const names = ["work", "home", "ci", "z\u00fcrich"];
const body = fc.array(
  fc.constantFrom(
    "provider = token",
    "host: https://a.example ; ours",
    "host =",
    "issuer=https://b.example",
    "client_id =  x  # note",
    "scopes = openid, email",
    "scopes=a b",
    "token_cache = 7",
    "; a comment",
    "  # another",
    "",
    "no delimiter",
    "  client_id : y\r",
  ),
  { maxLength: 6 },
).map((lines) => lines.map((line) => `${line}\n`).join(""));
const blocks = fc.uniqueArray(fc.constantFrom(...names, "__settings__"), { minLength: 1 })
  .chain((names) =>
    fc.tuple(...names.map((name) => body.map((body) => ({ name, text: `[${name}]\n${body}` }))))
  );
const value = fc.constantFrom("https://c.example", "x", "y", "fob-client", "https://a.example");
const profile = fc.record(
  {
    name: fc.constantFrom(...names, "new"),
    provider: fc.constantFrom("oidc", "token"),
    host: value,
    issuer: value,
    clientId: value,
    scopes: fc.array(fc.constantFrom("openid", "email", "a:b", "c/d"), { minLength: 1 }),
  },
  { requiredKeys: ["name", "provider"], noNullPrototype: true },
) as fc.Arbitrary<Profile>;

Deno.test("a saved profile is read back, and other sections keep their bytes", async () => {
  await fc.assert(fc.asyncProperty(blocks, profile, async (blocks, profile) => {
    const file = new MemoryUserFile(blocks.map(({ text }) => text).join(""));
    await saveProfile(profile, file);
    assert.deepEqual((await readProfiles(file)).get(profile.name), profile);
    const index = blocks.findIndex(({ name }) => name === profile.name);
    const [before, after] = index < 0
      ? [blocks, []]
      : [blocks.slice(0, index), blocks.slice(index + 1)];
    assert.ok(file.text.startsWith(before.map(({ text }) => text).join("")), file.text);
    assert.ok(file.text.endsWith(after.map(({ text }) => text).join("")), file.text);
  }));
});

Deno.test("saving an unchanged profile changes no byte", async () => {
  await fc.assert(fc.asyncProperty(blocks, async (blocks) => {
    const file = new MemoryUserFile(blocks.map(({ text }) => text).join(""));
    for (const profile of (await readProfiles(file)).all()) {
      const before = file.text;
      await saveProfile(profile, file);
      assert.equal(file.text, before);
    }
  }));
});

Deno.test("undoing a save restores the text", async () => {
  await fc.assert(fc.asyncProperty(blocks, profile, async (blocks, profile) => {
    const text = blocks.map(({ text }) => text).join("");
    const file = new MemoryUserFile(text);
    await (await saveProfile(profile, file))();
    assert.equal(file.text, text);
  }));
});

Deno.test("undoing a save keeps a later change by another program", async () => {
  const file = new MemoryUserFile("");
  const takeBack = await saveProfile({ name: "work", provider: "oidc" }, file);
  file.text += "[home]\n";
  const since = file.text;
  await takeBack();
  assert.equal(file.text, since);
});

Deno.test("a profile contains only the keys of its section that have a value", () => {
  const profiles = new Profiles(
    "[work]\nhost = https://a.example\nscopes = openid, email  offline_access\n[home]\nprovider=token\nhost=\n",
    "config.ini",
  );
  assert.deepEqual(profiles.all(), [
    {
      name: "work",
      provider: "oidc",
      host: "https://a.example",
      scopes: ["openid", "email", "offline_access"],
    },
    { name: "home", provider: "token" },
  ]);
});

Deno.test("get finds exactly the names that names lists", () => {
  const text = "stray = 1\n[__settings__]\ndefault_profile = work\n[work]\n[]\na = 1\n[a b]\n";
  const profiles = new Profiles(text, "config.ini");
  assert.deepEqual(profiles.names(), ["work", "a b"]);
  for (const name of ["work", "a b", "", "__settings__", "stray", "home", "constructor"]) {
    assert.equal(profiles.get(name) !== undefined, profiles.names().includes(name), `"${name}"`);
  }
});

Deno.test("settings are read only from __settings__, and an empty one counts as not set", () => {
  const text =
    "[__settings__]\nauth_storage = plaintext\ndefault_profile =\n[work]\nno_plaintext = 1\n";
  const profiles = new Profiles(text, "config.ini");
  assert.equal(profiles.setting("auth_storage"), "plaintext");
  assert.equal(profiles.setting("default_profile"), undefined);
  assert.equal(profiles.setting("no_plaintext"), undefined);
});

Deno.test("a name or value that could not be read back is rejected and not written", async () => {
  const file = new MemoryUserFile("[work]\n");
  const work = { name: "work", provider: "oidc" };
  await assert.rejects(saveProfile({ ...work, name: "a]" }, file), { code: "usage" });
  for (const host of ["a\nb", "a ;b", " a"]) {
    await assert.rejects(saveProfile({ ...work, host }, file), { code: "config_invalid" }, host);
  }
  assert.equal(file.writes, 0);
});

Deno.test("removing a profile removes default_profile only if it names that profile", async () => {
  const rest = "; mine\n[__settings__]\nauth_storage = secure\n";
  const file = new MemoryUserFile(
    `${rest}default_profile = work\n[work]\nhost = a\n[home]\nhost = b\n`,
  );
  await removeProfile({ name: "work", provider: "oidc" }, file);
  assert.equal(file.text, `${rest}[home]\nhost = b\n`);
  await setDefaultProfile({ name: "home", provider: "oidc" }, file);
  await removeProfile({ name: "ci", provider: "oidc" }, file);
  assert.equal((await readProfiles(file)).setting("default_profile"), "home");
});

Deno.test("only an existing profile can become the default", async () => {
  const file = new MemoryUserFile("[work]\n");
  await setDefaultProfile({ name: "work", provider: "oidc" }, file);
  assert.equal((await readProfiles(file)).setting("default_profile"), "work");
  for (const name of ["home", "__settings__"]) {
    await assert.rejects(setDefaultProfile({ name, provider: "oidc" }, file), {
      code: "unknown_profile",
    }, name);
  }
});

Deno.test("setting the storage mode changes only its value", async () => {
  const file = new MemoryUserFile("[__settings__]\nauth_storage=secure ; mine\n[a]\n");
  await setStorageMode("plaintext", file);
  assert.equal(file.text, "[__settings__]\nauth_storage=plaintext ; mine\n[a]\n");
});

Deno.test("scrubToken removes the given token, or all tokens of the section", async () => {
  const text = "[a]\ntoken = one\naccess_token = two\n[b]\ntoken = one\n";
  const file = new MemoryUserFile(text);
  const profiles = await readProfiles(file);
  assert.deepEqual(profiles.namesWithToken(), ["a", "b"]);
  await scrubToken("a", new Secret("one"), file);
  assert.equal(file.text, "[a]\naccess_token = two\n[b]\ntoken = one\n");
  await scrubToken("a", undefined, file);
  assert.equal(file.text, "[a]\n[b]\ntoken = one\n");
});

Deno.test("profiles are parsed again only if the file has changed", async () => {
  const file = new MemoryUserFile("[work]\n");
  const read = profilesOf(() => file);
  const before = await read();
  assert.equal(await read(), before);
  await file.change((text) => `${text}[home]\n`);
  assert.deepEqual((await read()).names(), ["work", "home"]);
  assert.deepEqual(before.names(), ["work"]);
});
