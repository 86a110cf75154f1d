import { Secret } from "../../secret.ts";
import { readYamlLines, type YamlEntry } from "../../text/formats/yaml_lines.ts";
import { pathIn } from "../../text/home.ts";
import {
  type Finding,
  proposeProfile,
  readExpiry,
  type SecretKind,
  type Source,
} from "../source.ts";

/** The Astro CLI, which stores a login per context in its configuration. */
export const astro: Source = {
  tool: "astro",
  paths: (environment, system) => [
    `${pathIn(["ASTRO_HOME"], "~", environment, system)}/.astro/config.yaml`,
  ],
  find: ([file], now) =>
    file === undefined ? [] : [...contextsOf(readYamlLines(file.text, file.path))]
      .flatMap(([name, context]) => findInContext(file.path, name, context, now)),
};

/** The entries of one context, by their keys in lower case: the tool ignores case. */
type Context = Partial<Record<string, YamlEntry>>;

function contextsOf(entries: readonly YamlEntry[]): Map<string, Context> {
  const contexts = new Map<string, Context>();
  for (const entry of entries) {
    const [top, name = "", key = "", ...more] = entry.path;
    if (top !== "contexts" || key === "" || more.length > 0) continue;
    contexts.set(name, { ...contexts.get(name), [key.toLowerCase()]: entry });
  }
  return contexts;
}

function findInContext(file: string, name: string, context: Context, now: number): Finding[] {
  const found = (key: string, kind: SecretKind): Finding[] => {
    const entry = context[key];
    const value = entry?.value.replace(/^Bearer\s+/i, "") ?? "";
    if (entry === undefined || value === "") return [];
    const { path, start, end } = entry;
    return [{
      secret: new Secret(value),
      kind,
      places: [{ file, key: path.join("."), start, end }],
    }];
  };
  const domain = context["domain"]?.value || undefined;
  const state = readExpiry(context["expiresin"]?.value, now);
  const login = {
    ...proposeProfile(domain ?? name, domain),
    ...state,
    ...isFromVariable(context, state.expiresAt, now)
      ? { obstacle: "environment-token" as const }
      : {},
  };
  return [
    ...found("token", "access token").map((it) => ({ ...it, ...login })),
    ...found("refreshtoken", "refresh token").map((it): Finding => ({
      ...it,
      obstacle: "foreign-refresh-token",
    })),
  ];
}

/** Milliseconds. Longer than the lifetime of any access token of a login. */
const impossibleLifetime = 365 * 24 * 60 * 60 * 1000;

/**
 * Whether the token is a copy of `ASTRO_API_TOKEN`. The tool writes it into its file with an expiry decades
 * ahead and without a refresh token.
 */
function isFromVariable(context: Context, expiresAt: number | undefined, now: number): boolean {
  return !context["refreshtoken"]?.value && expiresAt !== undefined &&
    expiresAt - now > impossibleLifetime;
}
