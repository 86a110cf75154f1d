import { findMissing, rigs } from "../../scripts/rigs.ts";

/** The names of the rigs that tests may need and that this machine does not have. Installs nothing. */
export async function missingRigs(): Promise<string[]> {
  const machine = { isRoot: Deno.uid() === 0, hasCommand, hasLibrary, succeeds };
  return (await findMissing(rigs, machine)).map(({ name }) => name);
}

async function hasCommand(name: string): Promise<boolean> {
  for (const directory of (Deno.env.get("PATH") ?? "").split(":")) {
    const found = await Deno.stat(`${directory}/${name}`).catch(() => undefined);
    if (found?.isFile === true) return true;
  }
  return false;
}

function hasLibrary(name: string): boolean {
  try {
    Deno.dlopen(name, {}).close();
    return true;
  } catch {
    return false;
  }
}

async function succeeds([program = "", ...args]: readonly string[]): Promise<boolean> {
  const { success } = await new Deno.Command(program, { args, stderr: "null" }).output();
  return success;
}
