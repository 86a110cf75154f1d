import type { Machine } from "../system/machine.ts";
import type { Terminal } from "../system/terminal.ts";
import { type Check, check, ok, warn } from "./check.ts";

/** Dependencies of {@link checkProgram}. */
export interface ProgramNeeds {
  readonly version: string;
  readonly machine: Machine;
  readonly terminal: Pick<
    Terminal,
    "canAsk" | "inputIsTerminal" | "outputIsTerminal" | "outputColumns" | "outputColor"
  >;
  /** The commands that open a URL, in order, each with its arguments. */
  readonly openers: () => Promise<string[][]>;
}

/** Checks the versions, the terminal and the browser. */
export async function checkProgram(needs: ProgramNeeds): Promise<Check[]> {
  const { version, machine } = needs;
  return [
    ok("version", `fob ${version}, Deno ${machine.deno}, ${machine.system}`),
    checkTerminal(needs),
    await check("browser", () => checkBrowser(needs)),
  ];
}

/** A missing terminal is not a problem: programs call fob without one. */
function checkTerminal({ terminal }: ProgramNeeds): Check {
  const { canAsk, inputIsTerminal, outputIsTerminal, outputColumns, outputColor } = terminal;
  const output = outputIsTerminal
    ? `output is a terminal${outputColumns === undefined ? "" : ` of ${outputColumns} columns`}, ${
      outputColor ? "colored" : "not colored"
    }`
    : "output is not a terminal";
  const input = inputIsTerminal ? "input is a terminal" : "input is not a terminal";
  return ok("terminal", `${input}, ${output}; prompts ${canAsk ? "enabled" : "disabled"}`);
}

async function checkBrowser({ openers, machine }: ProgramNeeds): Promise<Check> {
  const programs = (await openers()).flatMap(([program]) => program === undefined ? [] : [program]);
  if (programs.length === 0) {
    return warn(
      "browser",
      "No browser: there is no display, or BROWSER disables it",
      "no_opener",
    );
  }
  for (const program of programs) {
    const path = await machine.findProgram(program);
    if (path !== undefined) return ok("browser", `Opened with "${path}"`);
  }
  const names = programs.map((name) => `"${name}"`).join(" or ");
  return warn("browser", `Program ${names} not found`, "opener_missing");
}
