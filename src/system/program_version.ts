import { versionLimit } from "../limits.ts";

/** The programs that are known to do nothing for `--version` but to tell it. */
const known: readonly string[] = [
  "dbus-daemon",
  "dbus-broker",
  "dbus-broker-launch",
  "gnome-keyring-daemon",
  "kwalletd5",
  "kwalletd6",
  "ksecretd",
  "keepassxc",
];

/**
 * The version of the program that a process runs: of that very file, though another may lie in its place
 * by now, proc(5). `undefined` for a program that is not known to tell, or that does not.
 */
export async function programVersion(process: number, name: string): Promise<string | undefined> {
  if (!known.includes(name)) return undefined;
  try {
    const { stdout } = await new Deno.Command(`/proc/${process}/exe`, {
      args: ["--version"],
      stdin: "null",
      stderr: "null",
      signal: AbortSignal.timeout(versionLimit),
    }).output();
    return /\d+(\.\d+)+/.exec(new TextDecoder().decode(stdout))?.[0];
  } catch {
    return undefined;
  }
}
