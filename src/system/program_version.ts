import { versionLimit } from "../limits.ts";

/** The programs that are known to only print their version for `--version`. */
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
 * The version of the program that the process runs. It runs `/proc/PID/exe`, which is the file of the process
 * even if it has been replaced since, proc(5). `undefined` if the program is not in `known` or prints no version.
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
