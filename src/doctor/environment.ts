import { variableSources } from "../profiles/credential_sources.ts";
import type { ProfileSource } from "../profiles/profile_source.ts";
import type { Platform, PlatformWorkloads } from "../providers/platform.ts";
import type { Environment } from "../system/environment.ts";
import { possessive } from "../text/possessive.ts";
import { type Check, ok, warn } from "./check.ts";

/** The effects of the variables that fob reads. Their values, which may be secrets, are never shown. */
const effects: Readonly<Record<string, string>> = {
  API_HOST: "the host of API_TOKEN",
  FOB_PROFILE: "selects the profile if none is given",
  FOB_CONFIG_FILE: "path of the profile file",
  FOB_AUTH_STORAGE: "overrides auth_storage in the profile file",
  FOB_NO_PLAINTEXT: "can forbid plaintext, like no_plaintext in the profile file",
  FOB_AUDIT_LOG: "overrides audit_log in the profile file",
  XDG_CONFIG_HOME: "directory of the profile file, unless FOB_CONFIG_FILE is set",
  XDG_STATE_HOME: "directory of credentials.json and of locks",
  ASTRO_HOME: "home directory of astro, for fob migrate",
  GH_CONFIG_DIR: "directory of gh, for fob migrate",
  HTTPS_PROXY: "proxy for requests with TLS",
  https_proxy: "proxy for requests with TLS",
  HTTP_PROXY: "proxy for requests without TLS",
  http_proxy: "proxy for requests without TLS",
  BROWSER: "command that opens a URL",
  CI: "prompts are disabled",
  NO_COLOR: "colors are disabled",
  FORCE_COLOR: "colors are enabled, unless NO_COLOR is set",
  CLICOLOR_FORCE: "colors are enabled, unless NO_COLOR or FORCE_COLOR is set",
};

/** Dependencies of {@link checkEnvironment}. */
export interface EnvironmentNeeds {
  readonly environment: Environment;
  /** The platforms that have variables of their own. */
  readonly platforms: readonly Platform[];
  /** The tools with profile files that fob reads. */
  readonly profileSources: readonly ProfileSource[];
}

/** The effects of the variables of the platforms' own tools. */
function effectsOfTools(
  { platforms, profileSources }: EnvironmentNeeds,
): Readonly<Record<string, string>> {
  const lines = [
    ...profileSources.map(({ title, variable }) => [
      variable,
      `path of the file with ${possessive(title)} profiles`,
    ]),
    ...platforms.map(({ title, variables }) => [
      variables?.profile,
      `selects one of ${possessive(title)} profiles if none is given`,
    ]),
    ...profileSources.map(({ title, storage }) => [
      storage?.variable,
      `storage mode of ${possessive(title)} logins, unless a setting of fob is set`,
    ]),
    ...platforms.map(({ title, variables }) => [
      variables?.domain,
      `domain of ${title} for a token from the environment`,
    ]),
  ];
  return Object.fromEntries(lines.filter(([name]) => name !== undefined));
}

/** Returns a check for each variable that is set. */
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
      return overrides(name, `used instead of ${logins}`);
    });
  const identities = platforms.flatMap(({ title, workloads }) =>
    workloads === undefined ? [] : [
      ...proofs(workloads).flatMap((variable) =>
        overrides(variable, `its workload identity is used instead of every login to ${title}`)
      ),
      ...configuring(workloads).filter(isSet)
        .map((variable) =>
          ok(idOf(variable), `Set: configures the workload identity for ${title}`)
        ),
    ]
  );
  const all = [
    ...tokens,
    ...identities,
    ...set,
  ];
  return all.length > 0 ? all : [ok("env", "No variable that affects fob is set")];
}

/** The variables that contain the proof of a workload identity, or the path of its file. */
function proofs({ methods }: PlatformWorkloads): string[] {
  return methods.flatMap((method) => {
    if (method.kind === "secret") return [method.secret];
    if (method.kind === "variable") return [method.variable];
    return method.kind === "file" ? method.paths : [];
  });
}

/** The variables that configure a workload identity. */
function configuring(
  { choice, host, clientId, accountId, audience, methods }: PlatformWorkloads,
): string[] {
  const naming = methods.flatMap((method) => method.kind === "variable" ? [method.namedBy] : []);
  return [choice, host, clientId, accountId, audience, ...naming]
    .filter((name) => name !== undefined);
}

function idOf(name: string): string {
  return `env:${name}`;
}
