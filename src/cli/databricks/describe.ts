import type { Storage } from "../../credentials/storage.ts";
import type { Access } from "../../databricks/access.ts";
import { signedIn } from "../../databricks/config_file.ts";
import { FobError } from "../../errors.ts";
import { present } from "../../present.ts";
import { Secret } from "../../secret.ts";
import { findHome } from "../../text/home.ts";
import type { CommandContext } from "../context.ts";
import { answer } from "../ui/answer.ts";
import { tryAccess } from "./access.ts";
import { readDatabricksProfiles } from "./choose.ts";
import type { CommandLine } from "./command_line.ts";
import { outputOf } from "./output.ts";
import {
  type Attribute,
  authTypeOf,
  readSettings,
  reportSecrets,
  type Settings,
  textIn,
} from "./settings.ts";

/** The storage of tokens, as it is printed. */
interface TokenStorage {
  readonly mode: string;
  readonly location: string;
  readonly source: string;
}

/**
 * `databricks auth describe`: the credential that a command would use, and whether it works. If it does not, the
 * exit code is 1. Databricks' CLI exits with 0.
 */
export async function runDescribe({ flags }: CommandLine, context: CommandContext): Promise<void> {
  const { system: { environment } } = context;
  const profiles = await readDatabricksProfiles(context);
  const read = (): Settings => readSettings(flags.profile, profiles, environment);
  const settings = flags.sensitive
    ? await reportSecrets(context, async () => await read())
    : read();
  const storage = await context.storage.open({ provider: "databricks" });
  const access = await tryAccess(settings, context);
  const authType = authTypeOf(settings);
  const kept = authType === signedIn ? describeStorage(storage, profiles.path, context) : undefined;
  const shown = shownAttributes(settings, authType, flags.sensitive ?? false);
  answer(
    outputOf(flags, environment),
    fieldsOf(access, shown, settings, kept),
    formatText(access, shown, settings, kept),
    context,
  );
  if (!access.valid) throw new FobError("not_signed_in", failureOf(access));
}

function failureOf({ problem = "the host rejected the token" }: Access): string {
  return `Unable to authenticate: ${problem}`;
}

/** The storage in the terms of Databricks' CLI, where `plaintext` is its token cache. */
function describeStorage(
  { chosen: { mode, source }, store }: Storage,
  path: string,
  { system: { environment } }: CommandContext,
): TokenStorage {
  const home = findHome(environment) ?? "";
  const isBelow = home !== "" && store.location.startsWith(`${home}/`);
  return {
    mode: mode === "secure" ? "secure" : "plaintext",
    location: mode === "secure"
      ? "OS keyring (service: fob)"
      : isBelow
      ? `~${store.location.slice(home.length)}`
      : store.location,
    source: source === "default"
      ? source
      : /^[A-Z_]+$/.test(source)
      ? `${source} environment variable`
      : source === `auth_storage in "${path}"`
      ? `auth_storage in [__settings__] section of ${path}`
      : source,
  };
}

type Shown = Omit<Attribute, "value"> & { readonly value: string };

function shownAttributes(settings: Settings, authType: string, isSensitive: boolean): Shown[] {
  const attributes = settings.attributes.map((attribute) => ({
    ...attribute,
    value: attribute.value instanceof Secret
      ? isSensitive ? attribute.value.reveal() : "********"
      : attribute.value,
  }));
  return attributes.some(({ name }) => name === "auth_type")
    ? attributes
    : [...attributes, { name: "auth_type", value: authType }];
}

/** Whether the attribute belongs to another auth type than `authType`. */
function isUnused({ name }: Shown, authType: string): boolean {
  const uses: Readonly<Record<string, string>> = {
    token: "pat",
    password: "basic",
    client_id: "oauth-m2m",
    client_secret: "oauth-m2m",
  };
  return Object.hasOwn(uses, name) && uses[name] !== authType;
}

function formatText(
  access: Access,
  shown: readonly Shown[],
  settings: Settings,
  storage: TokenStorage | undefined,
): string {
  const authType = authTypeOf(settings);
  const pairs: [string, string | undefined][] = [
    ["Host", textIn(settings, "host")],
    ["Account ID", textIn(settings, "account_id")],
    ["User", access.user],
    ["Authenticated with", authType],
  ];
  const head = access.valid
    ? pairs.flatMap(([name, value]) => value === undefined ? [] : [`${name}: ${value}`])
    : [failureOf(access)];
  const place = storage &&
    `Token storage: ${storage.mode}, ${storage.location} (from ${storage.source})`;
  const lines = shown.map((attribute) => {
    const { name, value, source } = attribute;
    const from = source === undefined ? "" : ` (from ${source})`;
    return isUnused(attribute, authType)
      ? `  ~ ${name}: ${value}${from}, not used for auth type ${authType}`
      : `  ✓ ${name}: ${value}${from}`;
  });
  return [...head, ...(place ? [place] : []), "-----", "Current configuration:", ...lines]
    .map((line) => `${line}\n`).join("");
}

function fieldsOf(
  access: Access,
  shown: readonly Shown[],
  settings: Settings,
  storage: TokenStorage | undefined,
): object {
  const authType = authTypeOf(settings);
  const configuration = Object.fromEntries(shown.map((attribute) => [attribute.name, {
    value: attribute.value,
    source: present({ type: attribute.source }),
    auth_type_mismatch: isUnused(attribute, authType),
  }]));
  return {
    status: access.valid ? "success" : "error",
    ...(access.valid ? {} : { error: failureOf(access) }),
    ...present({ username: access.user }),
    account_id: textIn(settings, "account_id"),
    details: { auth_type: authType, host: textIn(settings, "host"), configuration },
    ...present({ token_storage: storage }),
  };
}
