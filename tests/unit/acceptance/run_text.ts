import { unixMachine } from "../../acceptance/runner/machine.ts";
import { runScript } from "../../acceptance/runner/runner.ts";

/** Runs a script from a file script.txtar, with a shell program as fob. */
export async function runText(
  script: string,
  program: string,
  how: { readonly isLoud?: boolean } = {},
): Promise<void> {
  const directory = await Deno.makeTempDir({ prefix: "fob-runner-" });
  try {
    await Deno.writeTextFile(`${directory}/fob`, `#!/bin/sh\n${program}\n`, { mode: 0o755 });
    await Deno.writeTextFile(`${directory}/script.txtar`, script);
    const fob = `${directory}/fob`;
    await runScript(`${directory}/script.txtar`, (work) => unixMachine(work, [fob]), how);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}
