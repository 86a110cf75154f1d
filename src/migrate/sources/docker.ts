import { Secret } from "../../secret.ts";
import { shownName } from "../../text/address.ts";
import { assertJson, type JsonString, readJsonStrings } from "../../text/formats/json_spans.ts";
import { pathIn } from "../../text/home.ts";
import type { Finding, ForeignText, Obstacle, PlaceOf, Source, SourceNeeds } from "../source.ts";

/** Docker's CLI, which stores a password per registry if no credential helper is set. */
export function dockerConfig({ placeOf }: Pick<SourceNeeds, "placeOf">): Source {
  return {
    tool: "docker",
    paths: (environment, system) => [
      `${pathIn(["DOCKER_CONFIG"], "~/.docker", environment, system)}/config.json`,
    ],
    find: ([file]) => file === undefined || file.text === "" ? [] : findInFile(file, placeOf),
  };
}

/** The fields of an entry that hold a secret. Only the text between the quotes is removed. */
type Field = "auth" | "password" | "identitytoken" | "registrytoken";

const fields: readonly string[] = [
  "auth",
  "password",
  "identitytoken",
  "registrytoken",
] satisfies Field[];

function findInFile({ path, text }: ForeignText, placeOf: PlaceOf): Finding[] {
  assertJson(text, path);
  const secrets = readJsonStrings(text).filter(({ path: [top, , field = "", ...more], value }) =>
    top === "auths" && more.length === 0 && fields.includes(field) && value !== "" &&
    // The user name beside an identity token has no password.
    !/^[^:]+:\0*$/.test(readBase64(value) ?? "")
  );
  const byRegistry = Map.groupBy(secrets, ({ path: [, registry = ""] }) => registry);
  return [...byRegistry].flatMap(([registry, strings]) =>
    strings.map((string) => findingOf(path, registry, string, strings, placeOf))
  );
}

function findingOf(
  file: string,
  registry: string,
  { path: [, , field], value, start, end }: JsonString,
  all: readonly JsonString[],
  placeOf: PlaceOf,
): Finding {
  const places = [{ file, key: `${shownName(registry)} ${field}`, start, end }];
  const refused = (obstacle: Obstacle): Finding => ({
    secret: new Secret(value),
    kind: field === "identitytoken" ? "refresh token" : "password",
    places,
    obstacle,
  });
  // With two, the choice of docker depends on its version.
  if (all.length > 1) return refused("ambiguous");
  const login = field === "identitytoken" ? { username: "<token>", password: value } : undefined;
  const { username, password } = login ?? readAuth(field, value) ?? {};
  if (username === undefined || password === undefined) return refused("unsupported");
  const place = placeOf(registry);
  if (place === undefined) return refused("no-address");
  const kind = login === undefined ? "password" : "refresh token";
  const entry = { tool: "docker", place, username, namesUsers: false };
  return { secret: new Secret(password), kind, places, entry };
}

/** `user:password`; the password may end with NUL bytes, as docker pads it. */
function readAuth(
  field: string | undefined,
  value: string,
): { username: string; password: string } | undefined {
  const text = field === "auth" ? readBase64(value)?.replace(/\0+$/, "") : undefined;
  const [, username, password] = /^([^:\p{Cc}]+):(\P{Cc}+)$/u.exec(text ?? "") ?? [];
  return username === undefined || password === undefined ? undefined : { username, password };
}

function readBase64(value: string): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.fromBase64(value));
  } catch {
    return undefined;
  }
}
