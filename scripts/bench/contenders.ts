import type { LoginHome } from "../../tests/interop/login/login_home.ts";
import type { Contender } from "./contender.ts";
import { ghTokens } from "./gh_token.ts";
import { gitFills } from "./git_fills.ts";
import { oidcToken } from "./oidc_token.ts";
import { toolGets } from "./tool_gets.ts";

/** The setups to compare: fob loaded as in a binary and by `deno run`, each in its own home. */
export interface Field {
  /** The start of a command line: as a binary runs it, and from the bundle. */
  readonly fob: readonly string[];
  readonly whole: readonly string[];
  /** The command that runs an empty script. */
  readonly empty: readonly string[];
  readonly file: LoginHome;
  readonly keyring: LoginHome;
  /** The tokens in the two stores. */
  readonly tokens: { readonly file: string; readonly keyring: string };
  /** Directory for files of this run. */
  readonly folder: string;
  /** Disposed of at the end of the run. */
  readonly cleanups: AsyncDisposableStack;
  /** Collects remarks about the run, such as a program that is not installed. */
  readonly note: (sentence: string) => void;
}

/** Commands that print a stored token. */
const plain = "A stored token";
const helpers = "Credential helper calls, Secret Service";
const profiles = "Profiles in the profile file";

/** All commands that are timed one at a time. */
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

/** A profile file with that many profiles. The command uses the last. */
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
