import { variableSources } from "../profiles/credential_sources.ts";
import type { ProfileSource } from "../profiles/profile_source.ts";
import type { Platform, PlatformWorkloads } from "../providers/platform.ts";
import type { Environment } from "../system/environment.ts";
import { possessive } from "../text/possessive.ts";
import { type Check, ok, warn } from "./check.ts";

/** What the variables decide that fob heeds. Their values, which may be secrets, are never told. */
const effects: Readonly<Record<string, string>> = {
  API_HOST: "the host of API_TOKEN",
  FOB_PROFILE: "chooses the profile where none is named",
  FOB_CONFIG_FILE: "names the profile file",
  FOB_AUTH_STORAGE: "overrides auth_storage in the profile file",
  FOB_NO_PLAINTEXT: "decides whether plaintext is refused, beside no_plaintext",
  FOB_AUDIT_LOG: "goes before audit_log in the profile file",
  XDG_CONFIG_HOME: "says where the profile file is, unless FOB_CONFIG_FILE does",
  XDG_STATE_HOME: "says where credentials.json and locks are",
  ASTRO_HOME: "names the home of astro to migrate from",
  GH_CONFIG_DIR: "names the directory of gh to migrate from",
  HTTPS_PROXY: "requests go through the proxy that it names",
  https_proxy: "requests go through the proxy that it names",
  HTTP_PROXY: "requests without TLS go through the proxy that it names",
  http_proxy: "requests without TLS go through the proxy that it names",
  BROWSER: "names the command that opens an address",
  CI: "nothing is ever asked",
  NO_COLOR: "nothing is coloured",
  FORCE_COLOR: "asks for colours, unless NO_COLOR forbids them",
  CLICOLOR_FORCE: "asks for colours, unless NO_COLOR or FORCE_COLOR decides",
};

/** What the examination of the environment needs. */
export interface EnvironmentNeeds {
  readonly environment: Environment;
  /** The platforms whose own variables count. */
  readonly platforms: readonly Platform[];
  /** The tools whose profile files are served. */
  readonly profileSources: readonly ProfileSource[];
}

/** What the variables of the platforms' own tools decide. */
function effectsOfTools(
  { platforms, profileSources }: EnvironmentNeeds,
): Readonly<Record<string, string>> {
  const lines = [
    ...profileSources.map(({ title, variable }) => [
      variable,
      `names the file that ${possessive(title)} profiles stand in`,
    ]),
    ...platforms.map(({ title, variables }) => [
      variables?.profile,
      `chooses among ${possessive(title)} profiles where none is named`,
    ]),
    ...profileSources.map(({ title, storage }) => [
      storage?.variable,
      `says how ${possessive(title)} logins are kept, unless fob's own settings do`,
    ]),
    ...platforms.map(({ title, variables }) => [
      variables?.domain,
      `names the ${title} that a token of the environment is for`,
    ]),
  ];
  return Object.fromEntries(lines.filter(([name]) => name !== undefined));
}

/** A line for each variable that is set. */
export function checkEnvironment(needs: EnvironmentNeeds): Check[] {
  const { environment, platforms } = needs;
  const isSet = (name: string): boolean => environment.get(name) !== undefined;
  const set = Object.entries({ ...effectsOfTools(needs), ...effects }).filter(([name]) =>
    isSet(name)
  )
    .map(([name, effect]) => ok(idOf(name), `Set: ${effect}`));
  const overrides = (variable: string, what: string): Check[] =>
    isSet(variable)
      ? [warn(idOf(variable), `Set: ${what}`, "variable_overrides", { variable })]
      : [];
  const tokens = variableSources(platforms).filter(({ kind }) => kind === "token")
    .flatMap(({ name, platform }) => {
      const logins = platform === undefined ? "every login" : `every login to ${platform.title}`;
      return overrides(name, `it answers in place of ${logins}`);
    });
  const programs = platforms.flatMap(({ title, workloads }) =>
    workloads === undefined ? [] : [
      ...proofs(workloads).flatMap((variable) =>
        overrides(variable, `with it a program signs in, in place of every login to ${title}`)
      ),
      ...manners(workloads).filter(isSet)
        .map((variable) => ok(idOf(variable), `Set: shapes how a program signs in to ${title}`)),
    ]
  );
  const all = [
    ...tokens,
    ...programs,
    ...set,
  ];
  return all.length > 0 ? all : [ok("env", "None is set that overrides anything")];
}

/** The variables that hold, or lead to, what a program proves itself with. */
function proofs({ methods }: PlatformWorkloads): string[] {
  return methods.flatMap((method) => {
    if (method.kind === "secret") return [method.secret];
    if (method.kind === "variable") return [method.variable];
    return method.kind === "file" ? method.paths : [];
  });
}

/** The variables that decide how it does. */
function manners(
  { choice, host, clientId, accountId, audience, methods }: PlatformWorkloads,
): string[] {
  const naming = methods.flatMap((method) => method.kind === "variable" ? [method.namedBy] : []);
  return [choice, host, clientId, accountId, audience, ...naming]
    .filter((name) => name !== undefined);
}

function idOf(name: string): string {
  return `env:${name}`;
}
