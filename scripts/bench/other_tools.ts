import { gitAsks } from "../../tests/interop/tool_calls.ts";
import type { Contender } from "./contender.ts";
import type { Field } from "./contenders.ts";

/** Where git's packages have the source of its helper for the Secret Service. */
const source = "/usr/share/doc/git/contrib/credential/libsecret/git-credential-libsecret.c";

/** The tools that do the like, as far as this machine has them. */
export async function otherTools(
  { fob, keyring, folder }: Field,
  { plain, helpers }: { readonly plain: string; readonly helpers: string },
  skipped: (why: string) => void,
): Promise<Contender[]> {
  const { environment } = keyring;
  const found: Contender[] = [];
  if (await has("gh")) {
    const directory = `${folder}/gh`;
    await Deno.mkdir(directory);
    const text = `github.com:\n    user: work\n    oauth_token: ${"g".repeat(40)}\n`;
    await Deno.writeTextFile(`${directory}/hosts.yml`, text);
    found.push({
      table: plain,
      name: "gh auth token, file",
      command: ["gh", "auth", "token"],
      environment: { ...environment, GH_CONFIG_DIR: directory },
    });
  } else skipped("gh is not installed");
  const fill = { table: helpers, says: gitAsks.says, environment };
  const quoted = fob.map((word) => `'${word}'`).join(" ");
  found.push({
    ...fill,
    name: "git credential fill, fob",
    command: filling(`!${quoted} helper git`),
  });
  const helper = await buildHelper(folder);
  if (helper === undefined) {
    skipped("git-credential-libsecret cannot be built: it needs libsecret-1-dev");
  } else {
    await keep(helper, environment);
    const command = filling(helper);
    found.push({ ...fill, name: "git credential fill, git-credential-libsecret", command });
  }
  skipped("oidc-token is not compared: its agent takes no provider without TLS and a person");
  return found;
}

function filling(helper: string): string[] {
  return [
    "git",
    "-c",
    "credential.helper=",
    "-c",
    `credential.helper=${helper}`,
    "credential",
    "fill",
  ];
}

async function has(program: string): Promise<boolean> {
  const which = new Deno.Command("sh", { args: ["-c", `command -v ${program}`], stdout: "null" });
  return (await which.output()).success;
}

async function buildHelper(folder: string): Promise<string | undefined> {
  const output = `${folder}/git-credential-libsecret`;
  const flags = "$(pkg-config --cflags --libs libsecret-1)";
  const compiler = new Deno.Command("sh", {
    args: ["-c", `cc -O2 -o "${output}" "${source}" ${flags}`],
    stderr: "null",
  });
  return (await compiler.output()).success ? output : undefined;
}

/** Has the helper keep a password for the host that it is asked for. */
async function keep(helper: string, env: Readonly<Record<string, string>>): Promise<void> {
  const child = new Deno.Command(helper, {
    args: ["store"],
    clearEnv: true,
    env: { ...env },
    stdin: "piped",
    stdout: "null",
  }).spawn();
  const writer = child.stdin.getWriter();
  const login = `username=work\npassword=${"p".repeat(40)}\n`;
  await writer.write(new TextEncoder().encode(gitAsks.says.trimEnd() + "\n" + login));
  await writer.close();
  if (!(await child.status).success) throw new Error("git-credential-libsecret keeps nothing");
}
