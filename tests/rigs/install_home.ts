import { installers } from "../../scripts/release/channels/channels.ts";
import { fakeFob, type ReleaseServer } from "./release_server.ts";

/** Programs that the installer needs besides a shell, a downloader and a checksum tool. */
const tools = ["cat", "chmod", "cut", "grep", "gzip", "mkdir", "mktemp", "mv", "rm", "sh", "tar"];

/** A home with only these programs, in a folder with a space and a quote in its name. */
export interface Home extends AsyncDisposable {
  readonly path: string;
  readonly bin: string;
  readonly installed: string;
  run(server: ReleaseServer, shell: readonly string[], options?: RunOptions): Promise<Outcome>;
  /** The file names in the installation folder. */
  left(): Promise<string[]>;
}

/** Additional environment variables, and a replacement for the text of the installer. */
export interface RunOptions {
  readonly env?: Record<string, string>;
  readonly text?: string;
}

/** The exit code and stderr. */
export interface Outcome {
  readonly code: number;
  readonly said: string;
}

/** Makes a home with the programs `own` in addition to {@link tools}. */
export async function makeHome(
  own: readonly string[] = ["uname", "curl", "sha256sum"],
): Promise<Home> {
  const top = await Deno.makeTempDir({ prefix: "fob-install-" });
  const path = `${top}/it's a home`;
  const bin = `${path}/tools`;
  await Deno.mkdir(bin, { recursive: true });
  for (const name of [...tools, ...own]) await Deno.symlink(await find(name), `${bin}/${name}`);
  const folder = `${path}/.local/bin`;
  return {
    path,
    bin,
    installed: `${folder}/fob`,
    run: async (server, shell, { env = {}, text } = {}) => {
      await Deno.writeTextFile(`${path}/install.sh`, text ?? await ownScript());
      const [command = "", ...args] = shell;
      const { code, stderr } = await new Deno.Command(await find(command), {
        args: [...args, `${path}/install.sh`],
        clearEnv: true,
        env: { HOME: path, PATH: bin, FOB_RELEASES: server.address, ...env },
        stdout: "null",
        stderr: "piped",
      }).output();
      return { code, said: new TextDecoder().decode(stderr) };
    },
    left: async () => {
      const entries = await Array.fromAsync(Deno.readDir(folder)).catch(() => []);
      return entries.map(({ name }) => name);
    },
    [Symbol.asyncDispose]: () => Deno.remove(top, { recursive: true }),
  };
}

/** Finds a program of this system. */
export async function find(name: string): Promise<string> {
  for (const folder of ["/usr/bin", "/bin"]) {
    const path = `${folder}/${name}`;
    if (await Deno.stat(path).then(() => true, () => false)) return path;
  }
  throw new Error(`"${name}" not found`);
}

/** The output of `program --version`. */
export async function answerOf(program: string): Promise<string> {
  const { stdout } = await new Deno.Command(program, { args: ["--version"] }).output();
  return new TextDecoder().decode(stdout).trim();
}

async function ownScript(): Promise<string> {
  return (await installers())["install.sh"] ?? "";
}

/** Makes a home with an older fob installed. */
export async function homeWithOlder(): Promise<Home> {
  const home = await makeHome();
  await Deno.mkdir(`${home.path}/.local/bin`, { recursive: true });
  await Deno.writeFile(home.installed, fakeFob("0.0.1").bytes, { mode: 0o755 });
  return home;
}
