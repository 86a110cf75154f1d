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
    workingDirectory: place === undefined ? noWorkingDirectory : fakeWorkingDirectory(place),
  });
}

async function chosen(...args: Parameters<typeof choose>): Promise<[string, string | undefined]> {
  const choice = await choose(...args);
  assert.ok(choice.kind !== "workload");
  return [choice.kind === "profile" ? choice.profile.name : choice.token.reveal(), choice.source];
}

Deno.test("chooseCredential uses the first source that is set and names it", async () => {
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

Deno.test("API_TOKEN is used with API_HOST and without reading the profiles", async () => {
  const needs = {
    environment: environmentOf(everything),
    profiles: () => assert.fail(),
    platforms: [forge],
    workingDirectory: noWorkingDirectory,
  };
  const choice = await chooseCredential(undefined, needs);
  assert.ok(choice.kind === "environment");
  assert.equal(choice.host, "https://env.example");
  const { host } = await choose(undefined, { API_TOKEN: "t-1" }, "") as { host?: string };
  assert.equal(host, undefined);
});

Deno.test("API_TOKEN is trimmed; inner white space is an error that does not contain the token", async () => {
  assert.equal((await chosen(undefined, { API_TOKEN: " t-1\n" }, ""))[0], "t-1");
  for (const token of [" ", "hush hush", "hush\nhush", "hush\u0007", "hush\u00a0hush"]) {
    await assert.rejects(choose(undefined, { API_TOKEN: token }, two), (error: Error) => {
      assert.ok("code" in error && error.code === "usage");
      return !error.message.includes("hush");
    });
  }
});

Deno.test("no profile is not_signed_in; several without a default are a usage error", async () => {
  await assert.rejects(choose(undefined, {}, ""), { code: "not_signed_in" });
  await assert.rejects(choose(undefined, {}, two), {
    code: "usage",
    message: "Cannot choose a profile: there are several (work, home) and no default",
  });
});

Deno.test("a profile name that does not exist is an error for every source", async () => {
  const wanting: [string | undefined, Record<string, string>, string, string][] = [
    ["ci", {}, two, ""],
    [undefined, { FOB_PROFILE: "ci" }, withDefault, " (from FOB_PROFILE)"],
    [
      undefined,
      {},
      `[__settings__]\ndefault_profile = ci\n[work]\n`,
      " (from default_profile)",
    ],
  ];
  for (const [named, variables, text, by] of wanting) {
    await assert.rejects(choose(named, variables, text), {
      code: "unknown_profile",
      message: `Profile "ci"${by} not found in "config.ini"`,
    });
  }
});

Deno.test("the error for an unknown name has the nearest names", () => {
  assert.throws(() => findProfile("wrok", profilesOf(two)), { facts: { near: '"work"' } });
  assert.throws(() => findProfile("something-else", profilesOf(two)), { facts: { near: "" } });
});

Deno.test("findProfile finds the profile for a host in any spelling", () => {
  const spellings = [
    "api.example.com",
    "https://api.example.com",
    "HTTPS://API.example.com:443/other",
  ];
  for (const host of spellings) {
    assert.equal(findProfile(host, profilesOf(two)).name, "work", host);
  }
});

Deno.test("findProfile finds the profile for an IP address", () => {
  assert.equal(findProfile("10.0.0.1", profilesOf("[work]\nhost=https://10.0.0.1\n")).name, "work");
});

Deno.test("findProfile prefers a name to a host", () => {
  const text =
    "[api.example.com]\nhost = https://other.example\n[work]\nhost=https://api.example.com\n";
  assert.equal(findProfile("api.example.com", profilesOf(text)).name, "api.example.com");
});

Deno.test("findProfile rejects a host that several profiles are for", () => {
  const text = `${two}[again]\nhost = https://api.example.com\n`;
  assert.throws(() => findProfile("api.example.com", profilesOf(text)), {
    code: "usage",
    message: 'Several profiles are for "api.example.com": work, again',
  });
});

Deno.test("findProfile does not match addresses with an unknown scheme", () => {
  assert.throws(() => findProfile("foo://b", profilesOf("[work]\nhost = foo://a\n")), {
    code: "unknown_profile",
  });
});

Deno.test("findProfile rejects an address with a password and does not repeat it", () => {
  assert.throws(
    () => findProfile("https://me:hush@api.example.com", profilesOf(two)),
    (error: Error) => {
      assert.ok("code" in error && error.code === "usage");
      return !Deno.inspect(error).includes("hush");
    },
  );
});

Deno.test("chooseProfile ignores API_TOKEN", async () => {
  const choose = async (
    variables: Readonly<Record<string, string>>,
    text = withDefault,
  ): Promise<string> => {
    const profiles = (): Promise<Profiles> => Promise.resolve(profilesOf(text));
    const needs = {
      environment: environmentOf(variables),
      profiles,
      workingDirectory: noWorkingDirectory,
    };
    return (await chooseProfile(needs)).name;
  };
  assert.equal(await choose(everything), "work");
  assert.equal(await choose({ API_TOKEN: everything.API_TOKEN }), "home");
  assert.equal(await choose({}, "[work]\n"), "work");
});

const ruled = `${withDefault}[rule "below work"]\ndirectory = /src/\nprofile = work\n`;
const inside = { directory: "/src/tool" };

Deno.test("a matching rule comes before the default and after the command line and variables", async () => {
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

Deno.test("rules are not read if an earlier source chooses", async () => {
  const broken = `${two}[rule "x"]\n`;
  assert.deepEqual(await chosen("work", {}, broken), ["work", "the command line"]);
  assert.deepEqual(await chosen(undefined, { API_TOKEN: "t" }, broken), ["t", "API_TOKEN"]);
  const byVariable = await chosen(undefined, { FOB_PROFILE: "work" }, broken);
  assert.deepEqual(byVariable, ["work", "FOB_PROFILE"]);
  await assert.rejects(chosen(undefined, {}, broken), { code: "config_invalid" });
});

Deno.test("a rule with a missing profile is an error", async () => {
  const text = ruled.replace("[work]", "[older]");
  await assert.rejects(chosen(undefined, {}, text, inside), {
    code: "unknown_profile",
    message: 'Profile "work" (from rule "below work") not found in "config.ini"',
  });
});

Deno.test("a rule chooses only among the profiles for the given host", async () => {
  const host = "host = https://api.example.com\n";
  const text = `[a]\n${host}[b]\n${host}[home]\n[rule "x"]\nhost = api.*.com\nprofile = `;
  assert.deepEqual(await chosen("api.example.com", {}, `${text}b\n`, {}), ["b", 'rule "x"']);
  assert.deepEqual(await chosen("a", {}, `${text}b\n`), ["a", "the command line"]);
  await assert.rejects(chosen("api.example.com", {}, `${text}home\n`, {}), {
    message: 'Several profiles are for "api.example.com": a, b',
  });
});

Deno.test("a platform's token variable replaces only profiles of that platform", async () => {
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

Deno.test("the first token variable of a platform that is set is used, with the host variable", async () => {
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

Deno.test("an invalid token variable is ignored if another source chooses", async () => {
  const variables = { FORGE_TOKEN: "no token", FOB_PROFILE: "work" };
  assert.deepEqual(await chosen(undefined, variables, two), ["work", "FOB_PROFILE"]);
  await assert.rejects(choose(undefined, { FORGE_TOKEN: "no token" }, ""), { code: "usage" });
});

Deno.test("a JWT variable must be a JWT, sets the expiry, and may start with Bearer", async () => {
  const token = "e30.eyJleHAiOjE3MDAwMDAwMDB9.c2ln";
  for (const text of [token, `Bearer ${token}`, `bearer  ${token} `]) {
    const choice = await choose(undefined, { SKY_TOKEN: text }, "");
    assert.ok(choice.kind === "environment");
    assert.deepEqual([choice.token.reveal(), choice.expiresAt], [token, 1_700_000_000_000]);
  }
  for (const text of ["hush", "hush.hush.hush", "Bearer hush", `${token}.hush`]) {
    await assert.rejects(choose(undefined, { SKY_TOKEN: text }, ""), (error: Error) => {
      assert.ok("code" in error && error.code === "usage");
      return error.message === "SKY_TOKEN is not a valid JSON Web Token (JWT)";
    });
  }
});

Deno.test("a platform's profile and host variables choose only among its profiles", async () => {
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
      workingDirectory: noWorkingDirectory,
    });
    assert.ok(choice.kind !== "workload");
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
  await assert.rejects(choose({ LAKE_PROFILE: "gone" }), /\(from LAKE_PROFILE\)/);
  const twice = `${withDefault("a")}[c]\nprovider = lake\nhost = https://a.example\n`;
  assert.equal(await choose({ LAKE_HOST: "https://a.example" }, twice), "a by default_profile");
  // A token for another host would not work there. Without any profile, the error is not_signed_in.
  await assert.rejects(choose({ LAKE_HOST: "https://c.example" }), /\(from LAKE_HOST\)/);
  await assert.rejects(choose({ LAKE_HOST: "https://c.example" }, ""), { code: "not_signed_in" });
});

Deno.test("API_HOST is trimmed, and inner white space is an error", async () => {
  const choice = await choose(
    undefined,
    { API_TOKEN: "t", API_HOST: " https://a.example\r\n" },
    "",
  );
  assert.equal(choice.kind === "environment" && choice.host, "https://a.example");
  for (const API_HOST of ["https://a.example\nX=1", "https://a.example b"]) {
    await assert.rejects(choose(undefined, { API_TOKEN: "t", API_HOST }, ""), {
      code: "usage",
      message: /^API_HOST is not a valid host: /,
    });
  }
});
