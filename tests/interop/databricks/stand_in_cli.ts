import { makeTemporaryDirectory } from "../../fakes/machine/temporary_directory.ts";

/** The behavior of a fake CLI: shell commands, which may use `$*`. */
export interface StandIn {
  /** The commands for `version`, default version 0.299.0. */
  readonly version?: string;
  /** The commands for `auth token`. */
  readonly token: string;
  /** The file name, default `databricks`. */
  readonly name?: string;
  /** Whether the file is small, like a script. */
  readonly isSmall?: boolean;
}

/** A fake Databricks CLI in a temporary directory. */
export interface StandInCli extends AsyncDisposable {
  readonly directory: string;
  readonly path: string;
  /** An environment with the fake CLI first on PATH, before the system's programs. */
  readonly env: Readonly<Record<string, string>>;
  /** The arguments of each run so far. */
  runs(): Promise<string[]>;
}

const goodVersion = versionOf("0.299.0");

/** The commands of a CLI of that version for `version`. */
export function versionOf(version: string): string {
  const [major, minor, patch] = version.split(".");
  const json = `{"Major":${major},"Minor":${minor},"Patch":${patch}}`;
  return `case "$*" in *json) echo '${json}' ;; *) echo 'Databricks CLI v${version}' ;; esac`;
}

/** Commands that print a response of `auth token`, without the given members. */
export function answer(expiry: string, ...leftOut: readonly string[]): string {
  const members = { access_token: "at-1", token_type: "Bearer", expiry };
  const kept = Object.entries(members).filter(([name]) => !leftOut.includes(name));
  return `printf '%s' '${JSON.stringify(Object.fromEntries(kept))}'`;
}

/** Commands that fail with `text` on stderr. */
export function complain(text: string): string {
  return `echo '${text}' >&2; exit 1`;
}

export async function writeStandIn(standIn: StandIn): Promise<StandInCli> {
  const { version = goodVersion, token, name = "databricks", isSmall = false } = standIn;
  const { path: directory, [Symbol.asyncDispose]: remove } = await makeTemporaryDirectory();
  const path = `${directory}/${name}`;
  const text = `#!/bin/sh
printf '%s\\n' "$*" >>"${directory}/runs"
case "$1" in
  version) ${version} ;;
  auth) ${token} ;;
esac
exit
`;
  const size = isSmall ? 0 : 1024 * 1024;
  await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  await Deno.writeTextFile(path, text + "#".repeat(size), { mode: 0o755 });
  return {
    directory,
    path,
    env: { PATH: `${directory}:/usr/bin:/bin`, HOME: directory, TZ: "UTC" },
    runs: async () => (await Deno.readTextFile(`${directory}/runs`)).trim().split("\n"),
    [Symbol.asyncDispose]: remove,
  };
}
