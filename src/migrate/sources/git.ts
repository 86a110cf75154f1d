import { accountFor } from "../../helpers/tool_entry.ts";
import { Secret } from "../../secret.ts";
import { homeOf, pathIn } from "../../text/home.ts";
import type { Finding, ForeignText, Place, PlaceOf, Source, SourceNeeds } from "../source.ts";

/** The `store` helper of Git, git-credential-store(1): a URL with its password on each line. */
export function gitCredentials({ placeOf }: Pick<SourceNeeds, "placeOf">): Source {
  return {
    tool: "git",
    paths: (environment, system) => {
      const home = homeOf(environment, system);
      const xdg = pathIn(["XDG_CONFIG_HOME"], "~/.config", environment, system);
      return [`${home}/.git-credentials`, `${xdg}/git/credentials`];
    },
    find: (files) => joined(files.flatMap((file) => findInFile(file, placeOf))),
  };
}

function findInFile({ path, text }: ForeignText, placeOf: PlaceOf): Finding[] {
  const lines = text.matchAll(/[^\n]+\n?/g);
  return lines.flatMap(({ 0: line, index }) => {
    const found = readLine(line.trim(), placeOf);
    if (found === undefined) return [];
    const { key, ...finding } = found;
    const place: Place = { file: path, key, start: index, end: index + line.length };
    return [{ ...finding, places: [place] }];
  }).toArray();
}

/**
 * Reads a URL with a password. The text before the last `@` of the line is never shown: in a URL that was
 * written by hand, the password may contain `/`, `?` or `#`.
 */
function readLine(
  line: string,
  placeOf: PlaceOf,
): Omit<Finding, "places"> & { readonly key: string } | undefined {
  const [, scheme = "", authority = "", rest = ""] =
    /^([a-z][\w+.-]*):\/\/([^/?#]*)(.*)$/is.exec(line) ?? [];
  const at = authority.lastIndexOf("@");
  const [, user = "", password] = /^([^:]*):(.+)$/s.exec(authority.slice(0, Math.max(0, at))) ?? [];
  if (password === undefined) return undefined;
  const host = authority.slice(at + 1);
  const kind = "password";
  const [secret, username, path] = [password, user, rest.replace(/^\//, "")].map(decoded);
  const isOdd = secret === undefined || username === undefined || path === undefined;
  // Git ends the password at the first @. With two, the password and the host are ambiguous.
  const isAmbiguous = `${password}${rest}`.includes("@");
  if (isOdd || isAmbiguous) {
    const key = isAmbiguous ? "a line that is not a URL" : host || "a file";
    return { key, secret: new Secret(password), kind, obstacle: "ambiguous" };
  }
  const found = { key: host || "a file", secret: new Secret(secret), kind } as const;
  const place = placeOf(`${scheme}://${host}/${path}`);
  if (place === undefined) return { ...found, obstacle: "no-address" };
  const named = username === "" ? {} : { username };
  return { ...found, entry: { tool: "git", place, ...named, namesUsers: true } };
}

/** Decodes percent encoding; `undefined` for a text that git rejects. */
function decoded(text: string): string | undefined {
  try {
    const value = decodeURIComponent(text);
    return /\p{Cc}/u.test(value) ? undefined : value;
  } catch {
    return undefined;
  }
}

/** Merges the findings of a secret that is on more than one line. */
function joined(findings: readonly Finding[]): Finding[] {
  const groups = Map.groupBy(
    findings,
    (it) => it.entry === undefined ? it : `${accountFor(it.entry)}\n${it.secret.reveal()}`,
  );
  return [...groups.values()].flatMap(([first, ...others]) =>
    first === undefined
      ? []
      : [{ ...first, places: [first, ...others].flatMap(({ places }) => places) }]
  );
}
