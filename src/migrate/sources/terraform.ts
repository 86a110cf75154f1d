import { Secret } from "../../secret.ts";
import { shownName } from "../../text/address.ts";
import {
  assertJson,
  type JsonMember,
  readJsonMembers,
  readJsonStrings,
} from "../../text/formats/json_spans.ts";
import { homeOf } from "../../text/home.ts";
import type { Finding, ForeignText, PlaceOf, Source, SourceNeeds } from "../source.ts";

/**
 * Terraform's `credentials.tfrc.json`, where `terraform login` stores tokens if no helper is set. Terraform does
 * not use the helper for a host in this file, even without a token, so the whole entry is removed.
 */
export function terraformCredentials({ placeOf }: Pick<SourceNeeds, "placeOf">): Source {
  return {
    tool: "terraform",
    paths: (environment, system) => {
      const home = homeOf(environment, system);
      const roaming = environment.get("APPDATA") ?? `${home}/AppData/Roaming`;
      const folder = system === "windows" ? `${roaming}/terraform.d` : `${home}/.terraform.d`;
      return [`${folder}/credentials.tfrc.json`];
    },
    find: ([file]) => file === undefined || file.text === "" ? [] : findInFile(file, placeOf),
    tidy: withoutIdleCommas,
  };
}

/** Removes commas that do not separate two values. */
function withoutIdleCommas(text: string): string {
  const tokens = text.matchAll(/"(?:[^"\\]|\\.)*"|[^\s"]/g).toArray();
  const isIdle = (i: number): boolean =>
    tokens[i]?.[0] === "," &&
    (/^[[{,]$/.test(tokens[i - 1]?.[0] ?? "") || /^[\]}]$/.test(tokens[i + 1]?.[0] ?? ""));
  const found = tokens.findIndex((_, i) => isIdle(i));
  const at = tokens[found]?.index;
  return at === undefined ? text : withoutIdleCommas(text.slice(0, at) + text.slice(at + 1));
}

function findInFile({ path, text }: ForeignText, placeOf: PlaceOf): Finding[] {
  assertJson(text, path);
  const strings = readJsonStrings(text);
  const members = readJsonMembers(text, ["credentials"]);
  return members.flatMap((member): Finding[] => {
    const own = strings.filter(({ path: [, host] }) => host === member.name);
    const token = own.find(({ path: [top, , field] }) =>
      top === "credentials" && field === "token"
    );
    if (token === undefined || token.value === "") return [];
    const { start, end } = member;
    const places = [{ file: path, key: `${shownName(member.name)} token`, start, end }];
    const found = { secret: new Secret(token.value), kind: "access token", places } as const;
    // Removing the entry would lose fields that fob does not know.
    if (!isAlone(text, member)) return [{ ...found, obstacle: "ambiguous" }];
    const place = placeOf(member.name);
    if (place === undefined) return [{ ...found, obstacle: "no-address" }];
    return [{ ...found, entry: { tool: "terraform", place, namesUsers: false } }];
  });
}

function isAlone(text: string, { name, start, end }: JsonMember): boolean {
  const value = JSON.parse(`{${text.slice(start, end)}}`)[name];
  return Object.keys(value).join() === "token" &&
    readJsonMembers(text, ["credentials"]).filter((it) => it.name === name).length === 1;
}
