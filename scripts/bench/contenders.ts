import type { LoginHome } from "../../tests/interop/login/login_home.ts";
import type { Contender } from "./contender.ts";
import { ghTokens } from "./gh_token.ts";
import { gitFills } from "./git_fills.ts";
import { oidcToken } from "./oidc_token.ts";
import { toolGets } from "./tool_gets.ts";

/** What is compared: fob as a binary runs it and as `deno run` does, in homes of their own. */
export interface Field {
  /** The start of a command line: as a binary runs it, and from the bundle. */
  readonly fob: readonly string[];
  readonly whole: readonly string[];
  /** How Deno runs a script of no words. */
  readonly empty: readonly string[];
  readonly file: LoginHome;
  readonly keyring: LoginHome;
  /** The tokens that are kept in the two. */
  readonly tokens: { readonly file: string; readonly keyring: string };
  /** For what is made for the time of the run. */
  readonly folder: string;
  /** What has to go when the run has ended. */
  readonly cleanups: AsyncDisposableStack;
  /** Told what has to be known of the run, and what this machine does not have, in a sentence. */
  readonly note: (sentence: string) => void;
}

/** Commands that print a stored token. */
const plain = "A stored token";
const helpers = "Credential helper calls, Secret Service";
const profiles = "Profiles in the profile file";

/** Everything that is timed one by one. */
export async function contenders(field: Field): Promise<Contender[]> {
  return [
    ...plainCalls(field),
    ...(await ghTokens(field)).map((call) => ({ ...call, table: plain })),
    ...(await oidcToken(field)).map((call) => ({ ...call, table: plain })),
    ...toolCalls(field),
    ...(await gitFills(field)).map((call) => ({ ...call, table: helpers })),
    ...await Promise.all([1, 10, 100, 1000].map((count) => withProfiles(count, field))),
  ];
}

function plainCalls({ fob, whole, empty, file, keyring, tokens }: Field): Contender[] {
  const token = ["auth", "token"];
  const inKeyring = {
    table: plain,
    kept: "Secret Service",
    environment: keyring.environment,
    answer: tokens.keyring,
  } as const;
  const inFile = { table: plain, environment: file.environment };
  return [
    {
      name: "empty Deno script",
      table: plain,
      command: empty,
      environment: keyring.environment,
      answer: "",
    },
    {
      ...inKeyring,
      name: "secret-tool lookup",
      command: ["secret-tool", "lookup", "service", "fob", "account", "oidc:work"],
    },
    { ...inKeyring, name: "fob auth token, Secret Service", command: [...fob, ...token] },
    { ...inKeyring, name: "the same with deno run", command: [...whole, ...token] },
    {
      ...inFile,
      name: "fob auth token, file",
      kept: "file",
      command: [...fob, ...token],
      answer: tokens.file,
    },
    {
      ...inFile,
      name: "fob auth token, API_TOKEN",
      command: [...fob, ...token],
      environment: { ...file.environment, API_TOKEN: "token-of-the-environment" },
      answer: "token-of-the-environment",
    },
  ];
}

function toolCalls({ fob, keyring, tokens, note }: Field): Contender[] {
  note(
    "`fob helper kubectl` runs in a new shell each time, because a second call by one process asks for a new token",
  );
  return toolGets.map(({ name, words, says, wrapper }) => ({
    name,
    table: helpers,
    kept: "Secret Service",
    command: [...wrapper, ...fob, ...words],
    environment: keyring.environment,
    says,
    answer: tokens.keyring,
  }));
}

/** A profile file with that many profiles, of which the last is asked for. */
async function withProfiles(
  count: number,
  { fob, keyring, tokens, folder }: Field,
): Promise<Contender> {
  const path = `${folder}/profiles-${count}.ini`;
  const others = Array.from({ length: count - 1 }, (_, index) => {
    const host = `https://host-${index}.example.com`;
    return `[profile-${index}]\nprovider = oidc\nhost = ${host}\nissuer = ${host}\nclient_id = fob\n`;
  });
  const work = await Deno.readTextFile(keyring.configFile);
  await Deno.writeTextFile(path, [...others, work].join("\n"));
  return {
    name: `${count}`,
    table: profiles,
    kept: "Secret Service",
    command: [...fob, "auth", "token", "--profile", "work"],
    environment: { ...keyring.environment, FOB_CONFIG_FILE: path },
    answer: tokens.keyring,
  };
}
