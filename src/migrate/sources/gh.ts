import { Secret } from "../../secret.ts";
import type { Environment } from "../../system/environment.ts";
import type { System } from "../../system/files/paths.ts";
import { readYamlLines, type YamlEntry } from "../../text/formats/yaml_lines.ts";
import { pathIn } from "../../text/home.ts";
import { type Finding, proposeProfile, type Source } from "../source.ts";

/** GitHub's CLI, which stores a token per host and user, and the token of the active user twice. */
export const gh: Source = {
  tool: "gh",
  paths: (environment, system) => [`${directoryOf(environment, system)}/hosts.yml`],
  find: ([file]) =>
    file === undefined ? [] : findTokens(file.path, readYamlLines(file.text, file.path)),
};

function directoryOf(environment: Environment, system: System = Deno.build.os): string {
  const isSet = (name: string): boolean => environment.get(name) !== undefined;
  if (isSet("GH_CONFIG_DIR")) return pathIn(["GH_CONFIG_DIR"], "~", environment, system);
  const isRoaming = system === "windows" && isSet("APPDATA") && !isSet("XDG_CONFIG_HOME");
  if (isRoaming) return `${environment.get("APPDATA")}/GitHub CLI`;
  return `${pathIn(["XDG_CONFIG_HOME"], "~/.config", environment, system)}/gh`;
}

function findTokens(file: string, entries: readonly YamlEntry[]): Finding[] {
  const tokens = entries.filter(({ path, value }) =>
    value !== "" && path.at(-1) === "oauth_token" &&
    (path.length === 2 || (path.length === 4 && path[1] === "users"))
  );
  // The token of a host comes before the tokens of its users: the active user's is named by the host.
  const ordered = tokens.toSorted((a, b) => a.path.length - b.path.length);
  const groups = Map.groupBy(ordered, ({ path, value }) => JSON.stringify([path[0], value]));
  return [...groups.values()].map((group) => findingOf(file, group));
}

/** The finding for the places of one token. */
function findingOf(file: string, entries: readonly YamlEntry[]): Finding {
  const { path: [host = "", , user], value = "" } = entries[0] ?? { path: [] };
  return {
    secret: new Secret(value),
    kind: "OAuth token",
    places: entries.map(({ path, start, end }) => ({ file, key: path.join("."), start, end })),
    ...proposeProfile(user === undefined ? host : `${user}@${host}`, host),
  };
}
