import { helperCalls } from "../../tests/interop/tool_calls.ts";
import type { LoginHome } from "../../tests/interop/login_home.ts";
import type { Contender } from "./contender.ts";
import { otherTools } from "./other_tools.ts";

/** What is compared: fob as a binary loads it and as the whole bundle, in homes of their own. */
export interface Field {
  /** The start of a command line, and the folder of the bundle. */
  readonly fob: readonly string[];
  readonly whole: readonly string[];
  /** How Deno runs a script of no words. */
  readonly empty: readonly string[];
  readonly file: LoginHome;
  readonly keyring: LoginHome;
  /** For what is made for the time of the run. */
  readonly folder: string;
}

/** Where a kept token is asked for in the plainest way. */
export const plain = "A kept token";
const helpers = "A tool's call, Secret Service";
const profiles = "Profiles in the profile file";

/** Everything that is timed one by one. `skipped` is told what this machine does not have. */
export async function contenders(
  field: Field,
  skipped: (why: string) => void,
): Promise<Contender[]> {
  const { fob, whole, empty, file, keyring } = field;
  const token = ["auth", "token"];
  const inKeyring = { table: plain, environment: keyring.environment };
  return [
    { ...inKeyring, name: "empty Deno script", command: empty },
    {
      ...inKeyring,
      name: "secret-tool lookup",
      command: ["secret-tool", "lookup", "service", "fob", "account", "oidc:work"],
    },
    { ...inKeyring, name: "fob auth token, Secret Service", command: [...fob, ...token] },
    { ...inKeyring, name: "the same, all of the bundle parsed", command: [...whole, ...token] },
    {
      table: plain,
      name: "fob auth token, file",
      command: [...fob, ...token],
      environment: file.environment,
    },
    {
      table: plain,
      name: "fob auth token, API_TOKEN",
      command: [...fob, ...token],
      environment: { ...file.environment, API_TOKEN: "x" },
    },
    ...helperCalls.filter(({ wrapper }) => wrapper === undefined).map((call) => ({
      table: helpers,
      name: call.name,
      command: [...fob, ...call.words],
      environment: keyring.environment,
      says: call.says,
    })),
    ...await otherTools(field, { plain, helpers }, skipped),
    ...await Promise.all([1, 10, 100, 1000].map((count) => withProfiles(count, field))),
  ];
}

/** A profile file with that many profiles, of which the last is asked for. */
async function withProfiles(
  count: number,
  { fob, keyring, folder }: Field,
): Promise<Contender> {
  const path = `${folder}/profiles-${count}.ini`;
  const others = Array.from({ length: count - 1 }, (_, index) => {
    const host = `https://host-${index}.example.com`;
    return `[profile-${index}]\nprovider = oidc\nhost = ${host}\nissuer = ${host}\nclient_id = fob\n`;
  });
  const work = await Deno.readTextFile(keyring.configFile);
  await Deno.writeTextFile(path, [...others, work].join("\n"));
  return {
    table: profiles,
    name: `${count}`,
    command: [...fob, "auth", "token", "--profile", "work"],
    environment: { ...keyring.environment, FOB_CONFIG_FILE: path },
  };
}
