import type { CommandContext } from "../cli/context.ts";
import { once } from "./once.ts";

/** This program, this process and the machine that it runs on. */
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
    here: once(async () => {
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
 * When this process was started. Deno's own word for it is the end of its start-up, which on a busy machine
 * is a second later: as long as that, processes that were started together would not look so.
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

/** The name of the file, where the system does not tell by which name it was called. */
export async function findName(): Promise<string> {
  const called = Deno.build.os === "linux"
    ? (await import("../../ffi/libc.ts")).processName("self")
    : undefined;
  return called ?? Deno.execPath().split(/[\\/]/).at(-1) ?? "";
}

/** The name of the program that started this one; `undefined` where the system does not tell. */
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

/** As POSIX has it, where there is no `/proc`. */
async function askForName(id: number): Promise<string | undefined> {
  const ps = new Deno.Command("ps", { args: ["-o", "comm=", "-p", `${id}`], stderr: "null" });
  const { stdout } = await ps.output().catch(() => ({ stdout: new Uint8Array() }));
  return new TextDecoder().decode(stdout).trim().split("/").at(-1) || undefined;
}
