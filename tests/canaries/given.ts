import type { Secret } from "./secrets.ts";

/** The inputs of a run of fob. */
export interface Call {
  /** The name that fob is called by, if it is another. */
  readonly name: string | undefined;
  readonly args: readonly string[];
  /** Its stdin. */
  readonly input: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** The secrets in the inputs of a run: in variables with such a name, and on stdin if the arguments say so. */
export function secretsGiven(call: Call): Secret[] {
  return [...inVariables(call), ...onStdin(call)];
}

/** The path of the file with a secret that `args` name, if any. */
export function secretFileOf(args: readonly string[]): string | undefined {
  const text = args.join("\0");
  const [, path] = /(?:^|\0)--token-file[=\0]([^\0]+)/.exec(text) ?? [];
  return path === "-" ? undefined : path;
}

function inVariables({ environment }: Call): Secret[] {
  return Object.entries(environment).flatMap(([name, value]) => {
    const [, kind] = /(?:^|_)(TOKEN|KEY|SECRET|PASSWORD)$/.exec(name) ?? [];
    if (kind === undefined) return [];
    const isHidden = kind === "SECRET" || kind === "PASSWORD";
    return [{ text: value.replace(/^Bearer /, ""), isHidden }];
  });
}

/** Names that other tools call fob by. */
const helpers =
  /^(git-credential-fob|docker-credential-fob|terraform-credentials-fob|cargo-credential-fob)$/;

function onStdin({ name, args, input }: Call): Secret[] {
  const has = (...options: readonly string[]): boolean => options.some((it) => args.includes(it));
  if (has("--with-client-secret", "--username")) return [{ text: input, isHidden: true }];
  const isToken = has("--with-token") || /--token-file(=|\0)-(\0|$)/.test(args.join("\0")) ||
    name === "databricks" && args[0] === "configure" || name === "keyring" && args[0] === "set";
  if (isToken) return [{ text: input, isHidden: false }];
  if (args[0] !== "helper" && !helpers.test(name ?? "")) return [];
  const stored = input.matchAll(/^(?:password|credential)=(.*)$|"(?:Secret|token)":"([^"]*)"/gm);
  return stored.map(([, line, member]) => ({ text: line ?? member ?? "", isHidden: false }))
    .toArray();
}
