import type { CommandContext } from "../cli/context.ts";
import { once } from "./once.ts";

/** Information about this program, this process and the machine. */
export function machineOf(
  { version, environment, notice }:
    & Pick<CommandContext["machine"], "version">
    & Pick<CommandContext["system"], "environment">
    & Pick<CommandContext["io"], "notice">,
): CommandContext["machine"] {
  return {
    version,
    startedAt: findStart,
    calledAs: findName,
    installation: async () => {
      const { findInstallation } = await import("../system/installation.ts");
      return await findInstallation(environment);
    },
    parent: Deno.ppid,
    workingDirectory: once(async () => {
      const { systemWorkingDirectory } = await import("../system/working_directory.ts");
      return systemWorkingDirectory(environment, notice);
    }),
    inspect: async () => {
      const { thisMachine } = await import("../system/machine.ts");
      return thisMachine(environment);
    },
  };
}

/**
 * The start time of this process. Deno's `timeOrigin` is the end of its start-up, up to a second later on a busy
 * machine, so that processes which were started together would seem not to be.
 */
async function findStart(): Promise<number> {
  if (Deno.build.os === "windows") {
    const { processStart } = await import("../../ffi/kernel32.ts");
    return Math.min(processStart() ?? Infinity, performance.timeOrigin);
  }
  if (Deno.build.os !== "linux") return performance.timeOrigin;
  const { processAge } = await import("../../ffi/libc.ts");
  const age = processAge();
  return age === undefined
    ? performance.timeOrigin
    : Math.min(Date.now() - age, performance.timeOrigin);
}

/** The name by which this program was called; the name of its file if the system does not tell. */
export async function findName(): Promise<string> {
  const called = Deno.build.os === "linux"
    ? (await import("../../ffi/libc.ts")).processName("self")
    : undefined;
  return called ?? Deno.execPath().split(/[\\/]/).at(-1) ?? "";
}

/** The name of the parent process; `undefined` if the system does not tell. */
export async function findParent(): Promise<string | undefined> {
  switch (Deno.build.os) {
    case "linux":
      return (await import("../../ffi/libc.ts")).processName(Deno.ppid);
    case "windows":
      return (await import("../../ffi/kernel32.ts")).processName(Deno.ppid);
    default:
      return await askForName(Deno.ppid);
  }
}

/** By POSIX `ps`, for systems without `/proc`. */
async function askForName(id: number): Promise<string | undefined> {
  const ps = new Deno.Command("ps", { args: ["-o", "comm=", "-p", `${id}`], stderr: "null" });
  const { stdout } = await ps.output().catch(() => ({ stdout: new Uint8Array() }));
  return new TextDecoder().decode(stdout).trim().split("/").at(-1) || undefined;
}
