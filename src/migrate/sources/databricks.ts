import { defaultSection, settingsSection } from "../../databricks/config_file.ts";
import { databricksConfigPath, tokenCachePath } from "../../databricks/paths.ts";
import { FobError } from "../../errors.ts";
import { nameFor } from "../../profiles/profile.ts";
import { Secret } from "../../secret.ts";
import { secureOrigin } from "../../text/address.ts";
import { type JsonString, readJsonStrings } from "../../text/formats/json_spans.ts";
import { IniDocument } from "../../text/ini.ts";
import { parseObject } from "../../text/json_object.ts";
import {
  type Finding,
  type ForeignText,
  type Place,
  proposeProfile,
  readExpiry,
  type SecretKind,
  type Source,
} from "../source.ts";

/** The Databricks tools: the profile file and the token cache. */
export const databricks: Source = {
  tool: "databricks",
  paths: (environment, system) => [
    databricksConfigPath(environment, system),
    tokenCachePath(environment, system),
  ],
  find: ([config, cache], now) => {
    const document = IniDocument.parse(config?.text ?? "");
    return [
      ...config === undefined ? [] : findInConfig(config.path, document),
      ...cache === undefined ? [] : findInCache(cache, document, now),
    ];
  },
};

const configKeys: Readonly<Record<string, SecretKind>> = {
  token: "personal access token",
  client_secret: "client secret",
  password: "password",
};

function findInConfig(file: string, document: IniDocument): Finding[] {
  // Keys above the first header belong to DEFAULT.
  const sections = ["", ...document.sections().filter((section) => section !== settingsSection)];
  return sections.flatMap((section) =>
    Object.entries(configKeys).flatMap(([key, kind]) =>
      findInSection(file, document, section, key, kind)
    )
  );
}

function findInSection(
  file: string,
  document: IniDocument,
  section: string,
  key: string,
  kind: SecretKind,
): Finding[] {
  const lines = document.occurrences(section, key).filter(({ value }) => value !== "");
  const [line] = lines;
  if (line === undefined) return [];
  const name = section || defaultSection;
  const places: Place[] = lines.map(({ start, end }) => ({
    file,
    key: section === "" ? key : `[${section}] ${key}`,
    start,
    end,
  }));
  const found = { secret: new Secret(line.value), kind, places };
  const text = document.toString();
  const isOdd = lines.some((it) => it.value !== line.value || isReadDifferently(it, text));
  if (isOdd) return [{ ...found, obstacle: "ambiguous" }];
  if (key !== "token") return [{ ...found, obstacle: "unsupported" }];
  return [{ ...found, ...proposeProfile(name, document.get(section, "host") || undefined) }];
}

/**
 * Whether the tools that read this file interpret a line differently: the Go tools drop quotes and continue after
 * a backslash, and the Python tool continues on lines with deeper indentation.
 */
function isReadDifferently(
  { value, start, end }: { value: string; start: number; end: number },
  text: string,
): boolean {
  if (/^["'`]|\\$|\s/.test(value) || /\\\r?\n$/.test(text.slice(0, start))) return true;
  const indent = (offset: number): number =>
    /^[ \t]*(?=[^\s;#])/.exec(text.slice(offset))?.[0].length ?? 0;
  return indent(end) > indent(start);
}

/** The fields of one key of the cache. */
type Entry = Partial<Record<string, JsonString>>;

function findInCache({ path, text }: ForeignText, config: IniDocument, now: number): Finding[] {
  if (text === "") return [];
  assertCache(path, text);
  const entries = new Map<string, Entry>();
  for (const string of readJsonStrings(text)) {
    const [top, key = "", field = "", ...more] = string.path;
    if (top !== "tokens" || field === "" || more.length > 0) continue;
    const entry = entries.get(key) ?? {};
    // Readers use the last of two fields; cutting only one would leave a secret.
    if (entry[field] !== undefined) throw invalid(path, "it contains a duplicate name");
    entries.set(key, { ...entry, [field]: string });
  }
  return [...entries].flatMap(([key, entry]) =>
    findInEntry(path, key, entry, config, entries, now)
  );
}

function assertCache(path: string, text: string): void {
  const cache = parseObject(text);
  if (cache === undefined) throw invalid(path, "it is not a JSON object");
  if (cache["version"] === 1) return;
  const version = JSON.stringify(cache["version"])?.slice(0, 40) ?? "none";
  throw invalid(path, `version ${version} is not supported (supported: 1)`);
}

function invalid(path: string, why: string): FobError {
  return new FobError("config_invalid", `Cannot read "${path}": ${why}`, { facts: { path } });
}

function findInEntry(
  file: string,
  key: string,
  entry: Entry,
  config: IniDocument,
  entries: ReadonlyMap<string, Entry>,
  now: number,
): Finding[] {
  const found = (field: string, kind: SecretKind): Finding[] => {
    const { value = "", start = 0, end = 0 } = entry[field] ?? {};
    const places = [{ file, key: `tokens[${JSON.stringify(key)}].${field}`, start, end }];
    return value === "" ? [] : [{ secret: new Secret(value), kind, places }];
  };
  const state = readExpiry(entry["expiry"]?.value, now);
  const login = /^https?:\/\//.test(key)
    ? offerFor(key, config, entries)
    : proposeProfile(key, config.get(key, "host") || undefined);
  return [
    ...found("access_token", "access token").map((it) => ({
      ...it,
      ...login,
      ...state,
    })),
    ...found("refresh_token", "refresh token").map((it): Finding => ({
      ...it,
      obstacle: "foreign-refresh-token",
    })),
  ];
}

/**
 * The profile that a login under a host is offered for: the only profile with that host, if it has no login of
 * its own, or else a new one.
 */
function offerFor(
  key: string,
  config: IniDocument,
  entries: ReadonlyMap<string, Entry>,
): Pick<Finding, "profile" | "obstacle" | "offeredAs"> {
  const address = secureOrigin(key);
  // An address that cannot be typed after --take is not offered.
  if (address === undefined || key.length > 200 || /[\p{C}\s]/u.test(key)) {
    return { obstacle: "no-address" };
  }
  const [only, ...others] = config.sections().filter((section) =>
    secureOrigin(config.get(section, "host") || " ") === address
  );
  const isFree = only !== undefined && others.length === 0 && !entries.has(only) &&
    !config.get(only, "token");
  return { ...proposeProfile(isFree ? only : nameFor(address), address), offeredAs: key };
}
