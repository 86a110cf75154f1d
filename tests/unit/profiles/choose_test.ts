import assert from "node:assert/strict";
import { chooseCredential, chooseProfile, findProfile } from "../../../src/profiles/choose.ts";
import type { Choice } from "../../../src/profiles/choose.ts";
import { Profiles } from "../../../src/profiles/profile_file.ts";
import { environmentOf } from "../../fakes/machine/environment.ts";
import {
  type FakeWorkingDirectory,
  fakeWorkingDirectory,
  noWorkingDirectory,
} from "../../fakes/machine/working_directory.ts";

const two = "[work]\nhost = https://api.example.com/v1\n[home]\nhost = https://home.example\n";
const withDefault = `[__settings__]\ndefault_profile = home\n${two}`;
const everything = { API_TOKEN: "t-1", API_HOST: "https://env.example", FOB_PROFILE: "work" };

const forge = {
  id: "forge",
  title: "Forge",
  variables: { token: ["FORGE_TOKEN", "OTHER_TOKEN"], host: "FORGE_HOST" },
} as const;
const sky = {
  id: "sky",
  title: "Sky",
  variables: { token: ["SKY_TOKEN"], format: "jwt" },
} as const;
const cloud = { id: "cloud", title: "Cloud", variables: { token: ["CLOUD_TOKEN"] } } as const;

function profilesOf(text: string): Profiles {
  return new Profiles(text, "config.ini");
}

function choose(
  named: string | undefined,
  variables: Readonly<Record<string, string>>,
  text: string,
  place?: FakeWorkingDirectory,
): Promise<Choice> {
  const environment = environmentOf(variables);
  return chooseCredential(named, {
    environment,
    profiles: () => Promise.resolve(profilesOf(text)),
    platforms: [forge, cloud, sky],
    here: place === undefined ? noWorkingDirectory : fakeWorkingDirectory(place),
  });
}

async function chosen(...args: Parameters<typeof choose>): Promise<[string, string | undefined]> {
  const choice = await choose(...args);
  assert.ok(choice.kind !== "machine");
  return [choice.kind === "profile" ? choice.profile.name : choice.token.reveal(), choice.source];
}

Deno.test("the first that there is answers, and says what chose it", async () => {
  const { API_TOKEN, FOB_PROFILE } = everything;
  assert.deepEqual(await chosen("work", everything, withDefault), ["work", "the command line"]);
  assert.deepEqual(await chosen(undefined, everything, withDefault), ["t-1", "API_TOKEN"]);
  assert.deepEqual(await chosen(undefined, { FOB_PROFILE }, withDefault), ["work", "FOB_PROFILE"]);
  const byDefault = ["home", "default_profile"];
  assert.deepEqual(await chosen(undefined, {}, withDefault), byDefault);
  const alone = ["work", 'the only profile in "config.ini"'];
  assert.deepEqual(await chosen(undefined, {}, "[work]\n"), alone);
  assert.deepEqual(await chosen(undefined, { API_TOKEN }, ""), ["t-1", "API_TOKEN"]);
});

Deno.test("a token from the environment touches no profile, and has the host beside it", async () => {
  const needs = {
    environment: environmentOf(everything),
    profiles: () => assert.fail(),
    platforms: [forge],
    here: noWorkingDirectory,
  };
  const choice = await chooseCredential(undefined, needs);
  assert.ok(choice.kind === "environment");
  assert.equal(choice.host, "https://env.example");
  const { host } = await choose(undefined, { API_TOKEN: "t-1" }, "") as { host?: string };
  assert.equal(host, undefined);
});

Deno.test("white space around API_TOKEN is not part of it, and in it is refused without telling it", async () => {
  assert.equal((await chosen(undefined, { API_TOKEN: " t-1\n" }, ""))[0], "t-1");
  for (const token of [" ", "hush hush", "hush\nhush", "hush\u0007", "hush\u00a0hush"]) {
    await assert.rejects(choose(undefined, { API_TOKEN: token }, two), (error: Error) => {
      assert.ok("code" in error && error.code === "usage");
      return !error.message.includes("hush");
    });
  }
});

Deno.test("without a profile nobody is signed in; with several, one must be named", async () => {
  await assert.rejects(choose(undefined, {}, ""), { code: "not_signed_in" });
  await assert.rejects(choose(undefined, {}, two), {
    code: "usage",
    message: "Which profile? There are work, home, and none is the default",
  });
});

Deno.test("a profile that is named and not there is an error, never another profile", async () => {
  const wanting: [string | undefined, Record<string, string>, string, string][] = [
    ["ci", {}, two, ""],
    [undefined, { FOB_PROFILE: "ci" }, withDefault, ", which FOB_PROFILE names,"],
    [
      undefined,
      {},
      `[__settings__]\ndefault_profile = ci\n[work]\n`,
      ", which default_profile names,",
    ],
  ];
  for (const [named, variables, text, by] of wanting) {
    await assert.rejects(choose(named, variables, text), {
      code: "unknown_profile",
      message: `There is no profile "ci"${by} in "config.ini"`,
    });
  }
});

Deno.test("an unknown name comes with the names that are near it", () => {
  assert.throws(() => findProfile("wrok", profilesOf(two)), { facts: { near: '"work"' } });
  assert.throws(() => findProfile("something-else", profilesOf(two)), { facts: { near: "" } });
});

Deno.test("a host finds the profile that is for it, however it is spelt", () => {
  const spellings = [
    "api.example.com",
    "https://api.example.com",
    "HTTPS://API.example.com:443/other",
  ];
  for (const host of spellings) {
    assert.equal(findProfile(host, profilesOf(two)).name, "work", host);
  }
});

Deno.test("an address by number finds the profile that is for it", () => {
  assert.equal(findProfile("10.0.0.1", profilesOf("[work]\nhost=https://10.0.0.1\n")).name, "work");
});

Deno.test("a name goes before a host", () => {
  const text =
    "[api.example.com]\nhost = https://other.example\n[work]\nhost=https://api.example.com\n";
  assert.equal(findProfile("api.example.com", profilesOf(text)).name, "api.example.com");
});

Deno.test("a host that several profiles are for chooses none of them", () => {
  const text = `${two}[again]\nhost = https://api.example.com\n`;
  assert.throws(() => findProfile("api.example.com", profilesOf(text)), {
    code: "usage",
    message: 'Several profiles are for "api.example.com": work, again',
  });
});

Deno.test("addresses that are no hosts are not each other's", () => {
  assert.throws(() => findProfile("foo://b", profilesOf("[work]\nhost = foo://a\n")), {
    code: "unknown_profile",
  });
});

Deno.test("an address with a password in it is refused, and not repeated", () => {
  assert.throws(
    () => findProfile("https://me:hush@api.example.com", profilesOf(two)),
    (error: Error) => {
      assert.ok("code" in error && error.code === "usage");
      return !Deno.inspect(error).includes("hush");
    },
  );
});

Deno.test("among profiles alone, a token in the environment chooses nothing", async () => {
  const choose = async (
    variables: Readonly<Record<string, string>>,
    text = withDefault,
  ): Promise<string> => {
    const profiles = (): Promise<Profiles> => Promise.resolve(profilesOf(text));
    const needs = { environment: environmentOf(variables), profiles, here: noWorkingDirectory };
    return (await chooseProfile(needs)).name;
  };
  assert.equal(await choose(everything), "work");
  assert.equal(await choose({ API_TOKEN: everything.API_TOKEN }), "home");
  assert.equal(await choose({}, "[work]\n"), "work");
});

const ruled = `${withDefault}[rule "below work"]\ndirectory = /src/\nprofile = work\n`;
const inside = { directory: "/src/tool" };

Deno.test("a rule for this place goes before the default, and behind what is said for this call", async () => {
  const { API_TOKEN, FOB_PROFILE } = { ...everything, FOB_PROFILE: "home" };
  assert.deepEqual(await chosen(undefined, {}, ruled, inside), ["work", 'rule "below work"']);
  assert.deepEqual(await chosen(undefined, {}, ruled, { directory: "/" }), [
    "home",
    "default_profile",
  ]);
  assert.deepEqual(await chosen("home", {}, ruled, inside), ["home", "the command line"]);
  assert.deepEqual(await chosen(undefined, { API_TOKEN }, ruled, inside), ["t-1", "API_TOKEN"]);
  assert.deepEqual(await chosen(undefined, { FOB_PROFILE }, ruled, inside), [
    "home",
    "FOB_PROFILE",
  ]);
});

Deno.test("no rule is asked, and none is read, where something before it has chosen", async () => {
  const broken = `${two}[rule "x"]\n`;
  assert.deepEqual(await chosen("work", {}, broken), ["work", "the command line"]);
  assert.deepEqual(await chosen(undefined, { API_TOKEN: "t" }, broken), ["t", "API_TOKEN"]);
  const byVariable = await chosen(undefined, { FOB_PROFILE: "work" }, broken);
  assert.deepEqual(byVariable, ["work", "FOB_PROFILE"]);
  await assert.rejects(chosen(undefined, {}, broken), { code: "config_invalid" });
});

Deno.test("a rule whose profile is gone lets no other answer in its place", async () => {
  const text = ruled.replace("[work]", "[older]");
  await assert.rejects(chosen(undefined, {}, text, inside), {
    code: "unknown_profile",
    message: 'There is no profile "work", which rule "below work" names, in "config.ini"',
  });
});

Deno.test("of the profiles for a host that is named, a rule chooses one, and never another", async () => {
  const host = "host = https://api.example.com\n";
  const text = `[a]\n${host}[b]\n${host}[home]\n[rule "x"]\nhost = api.*.com\nprofile = `;
  assert.deepEqual(await chosen("api.example.com", {}, `${text}b\n`, {}), ["b", 'rule "x"']);
  assert.deepEqual(await chosen("a", {}, `${text}b\n`), ["a", "the command line"]);
  await assert.rejects(chosen("api.example.com", {}, `${text}home\n`, {}), {
    message: 'Several profiles are for "api.example.com": a, b',
  });
});

Deno.test("a platform's own variable goes before a profile of that platform, and before none", async () => {
  const variables = { FORGE_TOKEN: "f-1", CLOUD_TOKEN: "c-1" };
  const ours = "[work]\nprovider = forge\n";
  assert.deepEqual(await chosen(undefined, variables, ""), ["f-1", "FORGE_TOKEN"]);
  assert.deepEqual(await chosen(undefined, { CLOUD_TOKEN: "c-1" }, two), ["c-1", "CLOUD_TOKEN"]);
  assert.deepEqual(await chosen(undefined, variables, ours), ["f-1", "FORGE_TOKEN"]);
  const named = ["work", "FOB_PROFILE"];
  assert.deepEqual(await chosen(undefined, { ...variables, FOB_PROFILE: "work" }, two), named);
  assert.deepEqual(await chosen("work", variables, ours), ["work", "the command line"]);
  const both = await chosen(undefined, { ...variables, API_TOKEN: "t-1" }, ours);
  assert.deepEqual(both, ["t-1", "API_TOKEN"]);
});

Deno.test("of a platform's variables the first that is set answers, with the platform's host", async () => {
  const variables = { OTHER_TOKEN: "o-1", FORGE_HOST: "https://forge.example" };
  const choice = await choose(undefined, variables, "");
  assert.ok(choice.kind === "environment");
  assert.deepEqual([choice.source, choice.provider, choice.host], [
    "OTHER_TOKEN",
    "forge",
    "https://forge.example",
  ]);
  const both = await chosen(undefined, { ...variables, FORGE_TOKEN: "f-1" }, "");
  assert.deepEqual(both, ["f-1", "FORGE_TOKEN"]);
});

Deno.test("a variable that does not answer may hold anything", async () => {
  const variables = { FORGE_TOKEN: "no token", FOB_PROFILE: "work" };
  assert.deepEqual(await chosen(undefined, variables, two), ["work", "FOB_PROFILE"]);
  await assert.rejects(choose(undefined, { FORGE_TOKEN: "no token" }, ""), { code: "usage" });
});

Deno.test("a token that has to be a JSON Web Token is one, tells its end, and loses a header's scheme", async () => {
  const token = "e30.eyJleHAiOjE3MDAwMDAwMDB9.c2ln";
  for (const text of [token, `Bearer ${token}`, `bearer  ${token} `]) {
    const choice = await choose(undefined, { SKY_TOKEN: text }, "");
    assert.ok(choice.kind === "environment");
    assert.deepEqual([choice.token.reveal(), choice.expiresAt], [token, 1_700_000_000_000]);
  }
  for (const text of ["hush", "hush.hush.hush", "Bearer hush", `${token}.hush`]) {
    await assert.rejects(choose(undefined, { SKY_TOKEN: text }, ""), (error: Error) => {
      assert.ok("code" in error && error.code === "usage");
      return error.message === "SKY_TOKEN is malformed: it is no JSON Web Token";
    });
  }
});

Deno.test("what a platform's tools are told chooses among its profiles, and no other's", async () => {
  const lake = {
    id: "lake",
    title: "Lake",
    variables: { token: ["LAKE_TOKEN"], host: "LAKE_HOST", profile: "LAKE_PROFILE" },
  } as const;
  const own = "[a]\nprovider = lake\nhost = https://a.example\n" +
    "[b]\nprovider = lake\nhost = https://b.example\n";
  const withDefault = (name: string): string =>
    `${own}${two}[__settings__]\ndefault_profile = ${name}\n`;
  const choose = async (
    variables: Readonly<Record<string, string>>,
    text = withDefault("a"),
  ): Promise<string> => {
    const choice = await chooseCredential(undefined, {
      environment: environmentOf(variables),
      profiles: () => Promise.resolve(profilesOf(text)),
      platforms: [lake],
      here: noWorkingDirectory,
    });
    assert.ok(choice.kind !== "machine");
    return choice.kind === "profile" ? `${choice.profile.name} by ${choice.source}` : choice.source;
  };
  assert.equal(await choose({ LAKE_PROFILE: "b" }), "b by LAKE_PROFILE");
  assert.equal(await choose({ LAKE_HOST: "https://b.example/" }), "b by LAKE_HOST");
  assert.equal(
    await choose({ LAKE_HOST: "https://b.example", LAKE_PROFILE: "a" }),
    "a by LAKE_PROFILE",
  );
  assert.equal(await choose({ LAKE_PROFILE: "b", LAKE_TOKEN: "t" }), "LAKE_TOKEN");
  assert.equal(await choose({ LAKE_PROFILE: "b", FOB_PROFILE: "a" }), "a by FOB_PROFILE");
  assert.equal(await choose({ LAKE_PROFILE: "b" }, withDefault("work")), "work by default_profile");
  assert.equal(await choose({ LAKE_PROFILE: "b" }, own), "b by LAKE_PROFILE");
  assert.equal(await choose({ LAKE_PROFILE: "gone", LAKE_TOKEN: "t" }), "LAKE_TOKEN");
  await assert.rejects(choose({ LAKE_PROFILE: "gone" }), /LAKE_PROFILE names/);
  const twice = `${withDefault("a")}[c]\nprovider = lake\nhost = https://a.example\n`;
  assert.equal(await choose({ LAKE_HOST: "https://a.example" }, twice), "a by default_profile");
  // Another host's token would be no good there; where there is no profile at all, that is what to say.
  await assert.rejects(choose({ LAKE_HOST: "https://c.example" }), /LAKE_HOST names/);
  await assert.rejects(choose({ LAKE_HOST: "https://c.example" }, ""), { code: "not_signed_in" });
});

Deno.test("a host of the environment is trimmed, and none where something stands between", async () => {
  const choice = await choose(
    undefined,
    { API_TOKEN: "t", API_HOST: " https://a.example\r\n" },
    "",
  );
  assert.equal(choice.kind === "environment" && choice.host, "https://a.example");
  for (const API_HOST of ["https://a.example\nX=1", "https://a.example b"]) {
    await assert.rejects(choose(undefined, { API_TOKEN: "t", API_HOST }, ""), {
      code: "usage",
      message: /^API_HOST is no host/,
    });
  }
});
