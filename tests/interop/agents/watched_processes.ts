/** Searches the processes in Linux's `/proc` for secrets. */
export class WatchedProcesses {
  /** Findings: the place, without the secret. */
  readonly findings: string[] = [];
  /** The values of the variable in all environments. */
  readonly values = new Set<string>();
  readonly #variable: string;

  /** `variable`: the name of a variable, to record its values. */
  constructor(variable: string) {
    this.#variable = variable;
  }

  /** Searches the current arguments and environments of all processes. */
  async look(secrets: readonly string[]): Promise<void> {
    for await (const { name: pid } of Deno.readDir("/proc")) {
      if (!/^\d+$/.test(pid)) continue;
      const argv = await read(`/proc/${pid}/cmdline`);
      const environment = await read(`/proc/${pid}/environ`);
      for (const entry of environment.split("\0")) {
        if (entry.startsWith(`${this.#variable}=`)) {
          this.values.add(entry.slice(this.#variable.length + 1));
        }
      }
      for (const secret of secrets) {
        if (argv.includes(secret)) this.#note(`the arguments of ${nameOf(argv)}`);
        const [name] = environment.split("\0").find((it) => it.includes(secret))?.split("=") ?? [];
        if (name !== undefined) this.#note(`${name} in the environment of ${nameOf(argv)}`);
      }
      for (const key of this.values) {
        if (argv.includes(key)) this.#note(`the key is in the arguments of ${nameOf(argv)}`);
      }
    }
  }

  #note(finding: string): void {
    if (!this.findings.includes(finding)) this.findings.push(finding);
  }
}

/** The text; empty if the process has ended. */
async function read(path: string): Promise<string> {
  return await Deno.readTextFile(path).catch(() => "");
}

/** The files below `folder` that contain one of `secrets`. */
export async function filesWith(secrets: readonly string[], folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory, isFile } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) found.push(...await filesWith(secrets, path));
    if (!isFile) continue;
    const text = new TextDecoder("latin1").decode(await Deno.readFile(path));
    if (secrets.some((secret) => text.includes(secret))) found.push(path);
  }
  return found;
}

/** The name of the program in `argv`. */
function nameOf(argv: string): string {
  return argv.split("\0")[0]?.split("/").at(-1) ?? "";
}
