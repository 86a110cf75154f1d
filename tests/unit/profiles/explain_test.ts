import assert from "node:assert/strict";
import { chooseCredential } from "../../../src/profiles/choose.ts";
import { explainChoice } from "../../../src/profiles/explain.ts";
import { Profiles } from "../../../src/profiles/profile_file.ts";
import { environmentOf } from "../../fakes/machine/environment.ts";
import { fakeWorkingDirectory } from "../../fakes/machine/working_directory.ts";

const forge = {
  id: "forge",
  title: "Forge",
  variables: { token: ["FORGE_TOKEN"], profile: "FORGE_PROFILE" },
} as const;
const text = "[__settings__]\ndefault_profile = home\n[home]\n[work]\nprovider = forge\n" +
  '[rule "a"]\ndirectory = /b\nprofile = home\n[rule "b"]\ndirectory = /a\nprofile = work\n' +
  '[rule "c"]\ndirectory = /a\nprofile = home\n';

/** Returns the first letter of each state, in order, and the source that chose or failed. */
async function fared(
  variables: Readonly<Record<string, string>>,
  directory: string,
  named?: string,
): Promise<string> {
  const needs = {
    environment: environmentOf(variables),
    profiles: () => Promise.resolve(new Profiles(text, "config.ini")),
    platforms: [forge],
    workingDirectory: fakeWorkingDirectory({ directory }),
  };
  const choice = await chooseCredential(named, needs).catch(() => undefined);
  const candidates = await explainChoice(named, choice, needs);
  const end = candidates.find(({ state }) => state === "chose" || state === "failed");
  return `${candidates.map(({ state }) => state[0]).join("")} ${end?.source}`;
}

Deno.test("explainChoice marks one source as chosen, later sources that are set as late, others as passed", async () => {
  assert.equal(await fared({}, "/"), "ppppppcp default_profile");
  assert.equal(await fared({}, "/a"), 'ppppcllp rule "b"');
  assert.equal(await fared({}, "/a", "home"), "cppplllp the command line");
  assert.equal(await fared({ API_TOKEN: "t" }, "/a"), "pcpplllp API_TOKEN");
  assert.equal(await fared({ FOB_PROFILE: "home" }, "/a"), "ppcplllp FOB_PROFILE");
  assert.equal(await fared({ FORGE_TOKEN: "t" }, "/a"), "ppcpplllp FORGE_TOKEN");
  assert.equal(await fared({ FORGE_PROFILE: "work" }, "/a"), "pppcplllp FORGE_PROFILE");
  assert.equal(await fared({ FORGE_TOKEN: "t" }, "/b"), 'ppppcpplp rule "a"');
});

Deno.test("explainChoice marks the source that failed", async () => {
  assert.equal(await fared({ FOB_PROFILE: "missing" }, "/a"), "ppfplllp FOB_PROFILE");
  assert.equal(await fared({}, "/a", "missing"), "fppplllp the command line");
});
