import assert from "node:assert/strict";
import { checkProgram, type ProgramNeeds } from "../../../src/doctor/program.ts";
import { MemoryMachine } from "../../fakes/machine/memory_machine.ts";

function needsOf(openers: string[][], programs: Readonly<Record<string, string>>): ProgramNeeds {
  const machine = new MemoryMachine();
  for (const [name, path] of Object.entries(programs)) machine.programs.set(name, path);
  return {
    version: "1.2.3",
    machine,
    terminal: {
      canAsk: true,
      inputIsTerminal: true,
      outputIsTerminal: true,
      outputColumns: 80,
      outputColor: false,
    },
    openers: () => Promise.resolve(openers),
  };
}

async function browser(needs: ProgramNeeds): Promise<(string | undefined)[]> {
  const found = (await checkProgram(needs)).find(({ id }) => id === "browser");
  return [found?.state, found?.code ?? found?.detail];
}

Deno.test("the versions and the terminal are reported", async () => {
  const [version, terminal] = await checkProgram(needsOf([], {}));
  assert.equal(version?.detail, "fob 1.2.3, Deno 2.0.0, minix z80");
  assert.equal(
    terminal?.detail,
    "input is a terminal, output is a terminal of 80 columns, not colored; prompts enabled",
  );
});

Deno.test("the first installed opener is reported, or that there is none", async () => {
  const two = [["wslview", "u"], ["xdg-open", "u"]];
  assert.deepEqual(await browser(needsOf(two, { "xdg-open": "/bin/xdg-open" })), [
    "ok",
    'Opened with "/bin/xdg-open"',
  ]);
  assert.deepEqual(await browser(needsOf(two, {})), ["warn", "opener_missing"]);
  assert.deepEqual(await browser(needsOf([], {})), ["warn", "no_opener"]);
});
