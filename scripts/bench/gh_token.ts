import type { Contender } from "./contender.ts";
import type { Field } from "./contenders.ts";
import { tell } from "./tell.ts";

const token = `gho_${"g".repeat(36)}`;
const command = ["gh", "auth", "token"];

/**
 * `gh auth token`, with its token in a file, and in the Secret Service if this gh supports it: from 2.24 on, as
 * `gh:github.com` of the user "" (zalando/go-keyring).
 */
export async function ghTokens(field: Field): Promise<Omit<Contender, "table">[]> {
  const { keyring: { environment }, note } = field;
  const said = await tell(["gh", "--version"], environment).catch(() => undefined);
  if (said === undefined) {
    note("`gh` is left out: it is not installed");
    return [];
  }
  const version = /version (\S+)/.exec(said.stdout)?.[1];
  const inFile: Omit<Contender, "table"> = {
    name: "gh auth token, file",
    kept: "file",
    command,
    environment: await configure(field, "file", `\n            oauth_token: ${token}`),
    answer: token,
  };
  const attributes = ["service", "gh:github.com", "username", ""];
  await tell(["secret-tool", "store", "--label=gh", ...attributes], environment, token);
  const configured = await configure(field, "keyring", "");
  const answer = await tell(command, configured).catch(() => undefined);
  if (answer?.stdout.trim() !== token) {
    note(`\`gh\` is ${version}, which stores its token in a file and has no keyring support`);
    return [inFile];
  }
  note(`\`gh\` is ${version}`);
  const name = "gh auth token, Secret Service";
  return [{ ...inFile, name, kept: "Secret Service", environment: configured }, inFile];
}

/** The environment of a signed-in gh with migrated settings. */
async function configure(
  { keyring, folder }: Field,
  name: string,
  tokenLine: string,
): Promise<Record<string, string>> {
  const directory = `${folder}/gh-${name}`;
  await Deno.mkdir(directory);
  const active = tokenLine.replace(/^\n +/, "\n    ");
  const hosts = `github.com:\n    user: work${active}\n    users:\n        work:${tokenLine}\n`;
  await Deno.writeTextFile(`${directory}/hosts.yml`, hosts);
  await Deno.writeTextFile(`${directory}/config.yml`, 'version: "1"\n');
  return { ...keyring.environment, GH_CONFIG_DIR: directory };
}
