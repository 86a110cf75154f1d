import type { CommandContext } from "../cli/context.ts";
import type { Program } from "../system/child.ts";
import type { Environment } from "../system/environment.ts";

/** Other programs on this machine. */
export function toolsOf(
  { environment }: Pick<CommandContext["system"], "environment">,
): CommandContext["tools"] {
  const browser = (): Promise<typeof import("../system/browser.ts")> =>
    import("../system/browser.ts");
  return {
    runProgram: startProgram,
    otherProgram: (name) => findOther(name, environment),
    otherTools: async () => (await import("../system/other_tools.ts")).otherTools(environment),
    appendToStep: async (...given) =>
      await (await import("../system/files/step_file.ts")).appendToStep(...given),
    openers: async () => (await browser()).openers("", environment).map(({ argv }) => [...argv]),
    openBrowser: async (url) => await (await browser()).openBrowser(url, environment),
    hasBrowser: async () => (await browser()).hasBrowser(environment),
  };
}

/** The first `name` on `PATH` that is not a link to this program. */
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

/** Runs a program with this process's streams. The first process of a container also collects orphans. */
async function startProgram(program: Program): Promise<number> {
  const { runProgram } = await import("../system/child.ts");
  const isFirst = Deno.pid === 1 && Deno.build.os === "linux";
  const reap = isFirst ? (await import("../../ffi/orphans.ts")).openOrphanReaper() : undefined;
  return await runProgram(program, reap);
}
