/** Another platform with its own profile file works without changes to the core. */
import { deepEqual, equal, match, rejects, throws } from "node:assert/strict";
import { loginWithToken } from "../../../src/credentials/login.ts";
import { profileForLogin } from "../../../src/credentials/login_request.ts";
import { removeProfile, setDefaultProfile } from "../../../src/credentials/profile_edits.ts";
import { requireCredential } from "../../../src/credentials/require_credential.ts";
import { databricksProfiles } from "../../../src/databricks/profile_source.ts";
import { checkEnvironment } from "../../../src/doctor/environment.ts";
import { checkToolStorage } from "../../../src/doctor/tool_storage.ts";
import { type ChoiceNeeds, chooseCredential, findProfile } from "../../../src/profiles/choose.ts";
import { explainChoice } from "../../../src/profiles/explain.ts";
import { Profiles } from "../../../src/profiles/profile_file.ts";
import { legacyRefusal, type SourceFile } from "../../../src/profiles/profile_source.ts";
import { withSources } from "../../../src/profiles/served_profiles.ts";
import { Secret } from "../../../src/secret.ts";
import { FakeClock } from "../../fakes/machine/clock.ts";
import { environmentOf } from "../../fakes/machine/environment.ts";
import { forge, forgeFile, forgeProfiles } from "../../fakes/machine/forge_source.ts";
import { noWorkingDirectory } from "../../fakes/machine/working_directory.ts";
import { MemoryLocks } from "../../fakes/machine/memory_locks.ts";
import { MemoryTextFile } from "../../fakes/machine/memory_text_file.ts";
import { MemoryUserFile } from "../../fakes/machine/memory_user_file.ts";
import { MemoryStore } from "../../fakes/stores/memory_store.ts";
import { MemoryStores } from "../../fakes/stores/memory_stores.ts";

const dev = { name: "dev", provider: "forge", host: "https://dev.forge.example" };
const text = "dev https://dev.forge.example\nprod https://prod.forge.example\n";
const databricksFile: SourceFile = Object.assign(
  new MemoryUserFile("[dev]\nhost = https://dev.cloud.databricks.com\n"),
  { source: databricksProfiles },
);

async function profilesWith(own: string, files = [forgeFile(text)]): Promise<Profiles> {
  return await withSources(new Profiles(own, "config.ini"), files);
}

function needsWith(own: string, variables = {}): ChoiceNeeds {
  return {
    environment: environmentOf(variables),
    platforms: [forge],
    profiles: () => profilesWith(own),
    workingDirectory: noWorkingDirectory,
  };
}

Deno.test("profiles of a second source are found by name, by host and by default", async () => {
  const profiles = await profilesWith("[mine]\n");
  deepEqual(profiles.names(), ["mine", "dev", "prod"]);
  deepEqual(findProfile("dev", profiles), dev);
  equal(findProfile("https://prod.forge.example", profiles).name, "prod");
  equal((await profilesWith("")).byDefault(), "dev");
  deepEqual(profiles.foreignPaths(), ["~/.forge"]);
});

Deno.test("a profile of a second source can be chosen and explained", async () => {
  const chosen = async (own: string, variables = {}): Promise<string> => {
    const needs = needsWith(own, variables);
    const choice = await chooseCredential(undefined, needs);
    const steps = await explainChoice(undefined, choice, needs);
    equal(steps.filter(({ state }) => state === "chose").length, 1);
    return `${choice.kind === "profile" ? choice.profile.name : choice.kind} by ${choice.source}`;
  };
  equal(await chosen(""), "dev by default_profile");
  equal(await chosen("", { FORGE_PROFILE: "prod" }), "prod by FORGE_PROFILE");
  equal(await chosen("", { FORGE_TOKEN: "t" }), "environment by FORGE_TOKEN");
  equal(await chosen("[__settings__]\ndefault_profile = prod\n"), "prod by default_profile");
});

Deno.test("a sign-in writes only to the file of its source, and a removal reverts it", async () => {
  const file = forgeFile(text);
  const store = new MemoryStore();
  const format = await file.source.load();
  const host = "https://new.forge.example#7";
  const profile = profileForLogin({ named: "new", host }, await profilesWith(""), forge, format);
  const needs = { store, platforms: [forge] };
  await rejects(requireCredential(profile, needs), { message: /: forge: no login$/ });
  await loginWithToken(profile, () => Promise.resolve(new Secret("t")), {
    store,
    clock: new FakeClock(0),
    locks: new MemoryLocks([]),
    profileFile: file,
    uninterrupted: (work) => work(),
  });
  equal(file.text, `${text}new https://new.forge.example\n`);
  deepEqual([...store.contents().keys()], ["forge:new"]);
  equal((await requireCredential(profile, needs)).kind, "pat");
  await removeProfile(profile, file);
  equal(file.text, text);
});

Deno.test("a profile of a source keeps its host and can be fob's default", async () => {
  const profiles = await profilesWith("");
  const moved = { named: "dev", host: "https://other.forge.example" };
  const format = await forgeProfiles.load();
  throws(() => profileForLogin(moved, profiles, forge, format), {
    message: /^Profile "dev" is for/,
  });
  const file = new MemoryUserFile("");
  await setDefaultProfile(dev, file, forgeProfiles);
  match(file.text, /default_profile = dev/);
});

Deno.test("the first of two sources takes precedence, and an unreadable one does not affect the other", async () => {
  const both = await withSources(new Profiles("", "config.ini"), [databricksFile, forgeFile(text)]);
  equal(findProfile("dev", both).provider, "databricks");
  equal(findProfile("prod", both).provider, "forge");
  equal(both.foreignStorage("forge")?.path, "~/.forge");
  const broken = Object.assign(new MemoryUserFile(""), {
    source: databricksProfiles,
    read: () => Promise.reject(legacyRefusal({ source: "x" }, [forgeProfiles])),
  });
  const rest = await withSources(new Profiles("", "config.ini"), [broken, forgeFile(text)]);
  deepEqual(findProfile("dev", rest), dev);
  throws(() => findProfile("gone", rest), { code: "config_invalid" });
});

Deno.test("doctor reports a second source's variables and logins", async () => {
  const set = environmentOf({ FORGE_FILE: "f", FORGE_PROFILE: "dev", FORGE_STORAGE: "file" });
  const needs = { environment: set, platforms: [forge], profileSources: [forgeProfiles] };
  deepEqual(checkEnvironment(needs).map(({ id, detail }) => `${id}: ${detail}`), [
    "env:FORGE_FILE: Set: path of the file with Forge's profiles",
    "env:FORGE_PROFILE: Set: selects one of Forge's profiles if none is given",
    "env:FORGE_STORAGE: Set: storage mode of Forge's logins, unless a setting of fob is set",
  ]);
  const [check] = await checkToolStorage({
    ...needs,
    foreignFile: () => Promise.resolve(new MemoryTextFile("a\nb\n")),
    stores: () => Promise.resolve(new MemoryStores()),
    storageMode: () => Promise.resolve({ mode: "legacy", source: "FORGE_STORAGE", explicit: true }),
  });
  equal(check?.id, "forge-storage");
  match(check?.detail ?? "", /^legacy \(set by FORGE_STORAGE\): 2 stored in "~\/\.forge-logins"/);
});
