import type { World } from "../cli/context.ts";
import type { Program } from "../system/child.ts";
import type { Environment } from "../system/environment.ts";
import { nativePath } from "../system/files/paths.ts";

/** Other programs: what they are, run with, and leave. */
export function programWays(
  { environment, directories, clock, notice }: Pick<
    World,
    "environment" | "directories" | "clock" | "notice"
  >,
): Pick<
  World,
  | "runProgram"
  | "otherProgram"
  | "otherTools"
  | "appendToStep"
  | "passingFolder"
  | "loopback"
  | "readyFile"
  | "runRecords"
> {
  return {
    runProgram: startProgram,
    otherProgram: (name) => findOther(name, environment),
    otherTools: async () => (await import("../system/other_tools.ts")).otherTools(environment),
    appendToStep: async (...given) =>
      await (await import("../system/files/step_file.ts")).appendToStep(...given),
    passingFolder: async () => {
      const { passingFolder } = await import("../system/files/temporary_directory.ts");
      return passingFolder(directories(), clock, notice);
    },
    loopback: async () => (await import("../system/loopback_endpoint.ts")).serveLoopback,
    readyFile: async (path) => {
      const { readyFile } = await import("../system/files/ready_file.ts");
      return await readyFile(nativePath(path));
    },
    runRecords: async () => {
      const { runRecords } = await import("../system/files/run_records.ts");
      return runRecords(directories(), clock, notice);
    },
  };
}

/** The program that `PATH` leads to and that is not this one by another name. */
async function findOther(
  name: string,
  environment: Environment,
): Promise<string | undefined> {
  const { findProgram } = await import("../system/machine.ts");
  const own = await Deno.realPath(Deno.execPath());
  return await findProgram(
    name,
    environment,
    async (path) => await Deno.realPath(path).catch(() => own) !== own,
  );
}

/** Runs a program with this one's streams. Who is the first process of a container cleans up after all others in it. */
async function startProgram(program: Program): Promise<number> {
  const { runProgram } = await import("../system/child.ts");
  const isFirst = Deno.pid === 1 && Deno.build.os === "linux";
  const reap = isFirst ? (await import("../../ffi/orphans.ts")).openOrphanReaper() : undefined;
  return await runProgram(program, reap);
}
