import { deepEqual, equal, rejects } from "node:assert/strict";
import type { Choice } from "../../../src/profiles/choose.ts";
import { readProfiles } from "../../../src/profiles/profile_file.ts";
import { Secret } from "../../../src/secret.ts";
import {
  findToken,
  type FindTokenNeeds,
  tokenForChoice,
  tokenForProfile,
} from "../../../src/tokens/token_for_choice.ts";
import { environmentOf } from "../../fakes/machine/environment.ts";
import { MemoryUserFile } from "../../fakes/machine/memory_user_file.ts";
import { TokenMachine } from "../../fakes/machine/token_machine.ts";
import {
  loginWith,
  minute,
  noon,
  revealed,
  tokensOf,
  work,
} from "../../fakes/stores/credentials.ts";

const host = "https://api.example.com";

/** The services to find a token on `machine`, with the collected `traces`. */
function needsOf(
  machine: TokenMachine,
  variables: Record<string, string> = {},
): FindTokenNeeds & { readonly traces: string[] } {
  const { store, locks, clock, startedAt, notice, uninterrupted, refresh, authenticate } = machine;
  const chosen = { mode: "secure", source: "the default", explicit: false } as const;
  const traces: string[] = [];
  const signInWorkload = (): Promise<never> => Promise.reject(new Error("no workload"));
  return {
    traces,
    clock,
    startedAt,
    notice,
    uninterrupted,
    environment: environmentOf(variables),
    platforms: [],
    workingDirectory: () => Promise.reject(new Error("no rule")),
    profiles: () => readProfiles(new MemoryUserFile("[work]\nprovider = oidc\n")),
    storage: () => Promise.resolve({ store, locks, chosen }),
    provider: () => Promise.resolve({ signInWorkload, refresh, authenticate }),
    identity: () => Promise.reject(new Error("no workload")),
    trace: (text) => void traces.push(text),
  };
}

Deno.test("a profile's token has its profile and provider, and force refreshes it", async () => {
  const machine = await TokenMachine.with(loginWith(tokensOf(1)), noon + minute);
  const needs = needsOf(machine);
  const found = { tokenType: "Bearer", provider: "oidc", profile: "work" };
  deepEqual(revealed(await tokenForProfile(work, {}, needs)), {
    ...found,
    token: "at-1",
    expiresAt: noon + 60 * minute,
  });
  deepEqual(needs.traces, [`profile "work", storage mode secure (the default)`]);
  deepEqual(machine.log, ["get"]);
  machine.start = noon + 2 * minute;
  const { token } = await tokenForProfile(work, { force: true }, needs);
  equal(token.reveal(), "at-2");
});

Deno.test("the token of a variable has its host and provider, and uses no store", async () => {
  const machine = await TokenMachine.with(undefined, noon);
  const needs = needsOf(machine);
  const choice: Choice = {
    kind: "environment",
    source: "A_TOKEN",
    token: new Secret("t-1"),
    host,
    provider: "forge",
  };
  deepEqual(revealed(await tokenForChoice(choice, {}, needs)), {
    token: "t-1",
    tokenType: "Bearer",
    host,
    provider: "forge",
  });
  deepEqual([machine.log, machine.notices], [[], []]);
});

Deno.test("a request for a fresher token of a variable is a notice", async () => {
  const machine = await TokenMachine.with(undefined, noon);
  const needs = needsOf(machine);
  const choice = { kind: "environment", source: "A_TOKEN", token: new Secret("t-1") } as const;
  await tokenForChoice({ ...choice, expiresAt: noon + 2 * minute }, { minTtl: minute }, needs);
  deepEqual(machine.notices, []);
  await tokenForChoice({ ...choice, expiresAt: noon + minute }, { minTtl: 2 * minute }, needs);
  const fixed = "The token in A_TOKEN cannot be refreshed";
  deepEqual(machine.notices.splice(0), [fixed]);
  await tokenForChoice({ ...choice, expiresAt: noon + minute }, { force: true }, needs);
  deepEqual(machine.notices.splice(0), [fixed]);
  await tokenForChoice(choice, { minTtl: minute }, needs);
  deepEqual(machine.notices, [`${fixed}, and its lifetime is unknown`]);
  await rejects(tokenForChoice({ ...choice, expiresAt: noon }, {}, needs), {
    code: "sign_in_again",
  });
});

Deno.test("the token is found in the usual order, and the trace names its source", async () => {
  const machine = await TokenMachine.with(loginWith(tokensOf(1)), noon + minute);
  const needs = needsOf(machine, { API_TOKEN: "t-1" });
  equal((await findToken(undefined, {}, needs)).token.reveal(), "t-1");
  deepEqual(needs.traces.splice(0), ["the credential is chosen by API_TOKEN"]);
  equal((await findToken("work", {}, needs)).token.reveal(), "at-1");
  equal(needs.traces[0], "the credential is chosen by the command line");
});
