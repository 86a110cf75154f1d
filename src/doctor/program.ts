import type { Machine } from "../system/machine.ts";
import type { Terminal } from "../system/terminal.ts";
import { type Check, check, ok, warn } from "./check.ts";

/** What the checks of the program and what is around it need. */
export interface ProgramNeeds {
  readonly version: string;
  readonly machine: Machine;
  readonly terminal: Pick<
    Terminal,
    "canAsk" | "inputIsTerminal" | "outputIsTerminal" | "outputColumns" | "outputColour"
  >;
  /** The commands that would open an address, best first, each with its arguments. */
  readonly openers: () => Promise<string[][]>;
}

/** The versions, the terminal, and the way to a browser. */
export async function checkProgram(needs: ProgramNeeds): Promise<Check[]> {
  const { version, machine } = needs;
  return [
    ok("version", `fob ${version}, Deno ${machine.deno}, ${machine.system}`),
    checkTerminal(needs),
    await check("browser", () => checkBrowser(needs)),
  ];
}

/** No terminal is no fault: programs call fob without one. */
function checkTerminal({ terminal }: ProgramNeeds): Check {
  const { canAsk, inputIsTerminal, outputIsTerminal, outputColumns, outputColour } = terminal;
  const output = outputIsTerminal
    ? `output is a terminal${outputColumns === undefined ? "" : ` of ${outputColumns} columns`}, ${
      outputColour ? "coloured" : "not coloured"
    }`
    : "output is no terminal";
  const input = inputIsTerminal ? "input is a terminal" : "input is no terminal";
  return ok("terminal", `${input}, ${output}; fob ${canAsk ? "may" : "will not"} ask questions`);
}

async function checkBrowser({ openers, machine }: ProgramNeeds): Promise<Check> {
  const programs = (await openers()).flatMap(([program]) => program === undefined ? [] : [program]);
  if (programs.length === 0) {
    return warn(
      "browser",
      "Nothing opens a browser: there is no screen, or BROWSER says so",
      "no_opener",
    );
  }
  for (const program of programs) {
    const path = await machine.findProgram(program);
    if (path !== undefined) return ok("browser", `Would be opened by "${path}"`);
  }
  const names = programs.map((name) => `"${name}"`).join(" or ");
  return warn("browser", `There is no program ${names}`, "opener_missing");
}
