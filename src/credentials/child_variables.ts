import { FobError } from "../errors.ts";
import type { Platform } from "../providers/platform.ts";

/** A token and where it goes, as a child process is to have it. */
export interface Handout {
  readonly accessToken: string;
  readonly tokenType: string;
  /** The API that the token is for. */
  readonly host?: string;
}

/** What changes in a child's environment. */
export interface ChildVariables {
  readonly set: Readonly<Record<string, string>>;
  /** What would outrank a variable that is set, or belongs to another credential. */
  readonly unset: readonly string[];
}

/** The variables that everybody's tools may read. */
const anybodys = { token: "API_TOKEN", host: "API_HOST" } as const;

/**
 * The variables by which programs find `handout`: `API_TOKEN` and `API_HOST`, and those of the platform's
 * own tools. What the platform's tools would read before them goes.
 */
export function childVariables(
  { accessToken, host }: Handout,
  platform: Platform | undefined,
): ChildVariables {
  const [own, ...others] = platform?.variables?.token ?? [];
  const set: Record<string, string> = { [anybodys.token]: accessToken };
  if (own !== undefined) set[own] = accessToken;
  const hostNames = [anybodys.host, platform?.variables?.host].filter((it) => it !== undefined);
  if (host !== undefined) { for (const name of hostNames) set[name] = host; }
  const outranking = platform?.variables?.outranking ?? [];
  const stale = [...others, ...outranking, ...hostNames].filter((name) => set[name] === undefined);
  return { set, unset: stale };
}

const fields = {
  token: ({ accessToken }: Handout) => accessToken,
  authorization: ({ accessToken, tokenType }: Handout) => `${tokenType} ${accessToken}`,
  host: ({ host }: Handout) => host,
} as const;

/**
 * What `NAME=FIELD` asks for: a variable's name, and the value of `token`, `authorization` (the whole
 * value of that header) or `host`.
 *
 * @throws {FobError} `usage`, naming `option`, for what asks for nothing that there is.
 */
export function readAssignment(
  text: string,
  handout: Handout,
  option: string,
): readonly [name: string, value: string] {
  const [, name = "", field = ""] = /^([A-Za-z_][A-Za-z0-9_]*)=(\w+)$/.exec(text) ?? [];
  if (name === "" || !Object.hasOwn(fields, field)) {
    throw new FobError(
      "usage",
      `Cannot read ${option} "${text.slice(0, 80)}": valid fields are ${
        Object.keys(fields).join(", ")
      }`,
      { facts: { example: `${option} MY_TOKEN=token` } },
    );
  }
  const value = fields[field as keyof typeof fields](handout);
  if (value !== undefined) return [name, value];
  throw new FobError("usage", `${option} ${text}: this login has no host`);
}
