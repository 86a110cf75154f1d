/**
 * Checks all combinations of sources: the choice of a credential, `--explain` and the early keyring connection must
 * agree on the order of precedence.
 */
import assert from "node:assert/strict";
import { FobError } from "../../../src/errors.ts";
import { type Choice, chooseCredential } from "../../../src/profiles/choose.ts";
import { mayAnswer, variableSources } from "../../../src/profiles/credential_sources.ts";
import { type Candidate, explainChoice } from "../../../src/profiles/explain.ts";
import { Profiles } from "../../../src/profiles/profile_file.ts";
import type { Platform } from "../../../src/providers/platform.ts";
import { environmentOf } from "../../fakes/machine/environment.ts";
import { fakeWorkingDirectory } from "../../fakes/machine/working_directory.ts";

const forge: Platform = {
  id: "forge",
  title: "Forge",
  variables: { token: ["FORGE_TOKEN"], host: "FORGE_HOST", profile: "FORGE_PROFILE" },
  workloads: {
    choice: "FORGE_AUTH",
    tokenMethod: "pat",
    host: "FORGE_HOST",
    clientId: "FORGE_CLIENT_ID",
    methods: [{ name: "secret", kind: "secret", secret: "FORGE_CLIENT_SECRET" }],
  },
};
const cloud: Platform = { id: "cloud", title: "Cloud", variables: { token: ["CLOUD_TOKEN"] } };
const platforms = [forge, cloud];

const values: Readonly<Record<string, string>> = {
  API_TOKEN: "t-api",
  FORGE_TOKEN: "t-forge",
  FORGE_AUTH: "secret",
  FORGE_HOST: "https://forge.example",
  FORGE_CLIENT_ID: "id",
  FORGE_CLIENT_SECRET: "secret",
  CLOUD_TOKEN: "t-cloud",
  FOB_PROFILE: "home",
  FORGE_PROFILE: "work",
};
const names = Object.keys(values);

const work = "[work]\nprovider = forge\nhost = https://forge.example\n";
const home = "[home]\nhost = https://api.example\n";
const rule = '[rule "a"]\ndirectory = /a\nprofile = work\n';
const files: readonly string[] = [
  "",
  home,
  work,
  home + work,
  `[__settings__]\ndefault_profile = home\n${home}${work}`,
  `[__settings__]\ndefault_profile = work\n${home}${work}`,
  home + work + rule,
];

/** Returns the variables selected by the bits of `bits`. */
function variablesOf(bits: number): Record<string, string> {
  return Object.fromEntries(
    names.filter((_, i) => bits & (1 << i)).map((name) => [name, values[name] ?? ""]),
  );
}

interface Told {
  readonly choice: Choice | undefined;
  readonly candidates: readonly Candidate[];
}

async function tell(
  named: string | undefined,
  variables: Readonly<Record<string, string>>,
  text: string,
): Promise<Told> {
  const needs = {
    environment: environmentOf(variables),
    profiles: () => Promise.resolve(new Profiles(text, "config.ini")),
    platforms,
    workingDirectory: fakeWorkingDirectory({ directory: "/a" }),
  };
  const choice = await chooseCredential(named, needs).catch((error: unknown) => {
    assert.ok(error instanceof FobError);
    return undefined;
  });
  return { choice, candidates: await explainChoice(named, choice, needs) };
}

/** Returns the positions of the candidates in the order of variables. */
function ranked(candidates: readonly Candidate[]): number[] {
  const order = variableSources(platforms).filter(({ kind }) => kind !== "place")
    .map(({ name }) => name);
  return candidates.map(({ source }) => order.indexOf(source)).filter((rank) => rank >= 0);
}

/** The sources that always apply if set. A platform's variables apply only to profiles of that platform. */
const unconditional = ["the command line", "API_TOKEN", "FOB_PROFILE", "default_profile"];

function assertAgree({ choice, candidates }: Told): void {
  const sources = candidates.map(({ source }) => source);
  const ends = candidates.filter(({ state }) => state === "chose" || state === "failed");
  if (choice === undefined) {
    assert.ok(ends.length <= 1 && ends.every(({ state }) => state === "failed"));
  } else {
    assert.deepEqual(ends.map(({ source, state }) => [source, state]), [[choice.source, "chose"]]);
  }
  assert.deepEqual(sources, [...new Set(sources)]);
  assert.deepEqual(ranked(candidates), ranked(candidates).toSorted((a, b) => a - b));
  const end = candidates.findIndex(({ source }) => source === ends[0]?.source);
  for (const { source, detail } of candidates.slice(0, Math.max(end, 0))) {
    if (unconditional.includes(source)) {
      assert.match(detail, /^(not set|no profile or host given)$/, source);
    }
  }
}

for (const [i, text] of files.entries()) {
  Deno.test(`file ${i}: choice, explanation and early connection agree for all variables`, async () => {
    for (let bits = 0; bits < 1 << names.length; bits++) {
      const variables = variablesOf(bits);
      for (const named of [undefined, "work", "https://api.example"]) {
        const told = await tell(named, variables, text);
        const { choice } = told;
        try {
          assertAgree(told);
          if (choice !== undefined && choice.kind !== "profile") {
            assert.ok(mayAnswer(environmentOf(variables), platforms), "early: no variable");
          }
        } catch (cause) {
          const set = Object.keys(variables).join(" ");
          throw new Error(`${named ?? ""} with ${set}: ${choice?.source}`, { cause });
        }
      }
    }
  });
}
