import { gitAsks } from "../../tests/interop/helpers/tool_calls.ts";
import type { Contender } from "./contender.ts";
import type { Field } from "./contenders.ts";
import { tell } from "./tell.ts";

/** Directory of the source of git's Secret Service helper in Debian's git package. */
const source = "/usr/share/doc/git/contrib/credential/libsecret/git-credential-libsecret.c";

/** The entry that git's own helper stores. */
const password = "p".repeat(40);

/** `git credential fill` with fob, and with git's own helper if it can be built. */
export async function gitFills(
  { fob, keyring, tokens, folder, note }: Field,
): Promise<Omit<Contender, "table">[]> {
  const { environment } = keyring;
  const fill = { kept: "Secret Service", says: gitAsks.says, environment } as const;
  const quoted = fob.map((word) => `'${word}'`).join(" ");
  const found: Omit<Contender, "table">[] = [{
    ...fill,
    name: "git credential fill, fob",
    command: filling(`!${quoted} helper git`),
    answer: tokens.keyring,
  }];
  const helper = await buildHelper(folder);
  if (helper === undefined) {
    note("git-credential-libsecret is left out: building it requires libsecret-1-dev");
    return found;
  }
  const login = `${gitAsks.says.trimEnd()}\nusername=work\npassword=${password}\n`;
  await tell([helper, "store"], environment, login);
  const name = "git credential fill, git-credential-libsecret";
  return [...found, { ...fill, name, command: filling(helper), answer: password }];
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

async function buildHelper(folder: string): Promise<string | undefined> {
  const output = `${folder}/git-credential-libsecret`;
  const flags = "$(pkg-config --cflags --libs libsecret-1)";
  const compiler = new Deno.Command("sh", {
    args: ["-c", `cc -O2 -o "${output}" "${source}" ${flags}`],
    stderr: "null",
  });
  return (await compiler.output()).success ? output : undefined;
}
