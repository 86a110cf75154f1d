// deno-lint-ignore-file no-console
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { bundle } from "./bundle.ts";

const top = fileURLToPath(new URL("..", import.meta.url));

/** What `deno compile` is to make. */
interface Binary {
  /** The system that it is for, as `deno compile` names it; this one where it is absent. */
  readonly target?: string;
  /** Where it goes; on Windows `.exe` is added. */
  readonly output: string;
}

/**
 * Makes a binary from the bundle alone: `deno compile` follows the literal imports from `dist/main.js`
 * to its chunks, and embeds nothing else. It writes to a temporary file that it renames or removes.
 * Throws where that fails, after what `deno compile` said.
 */
async function compile({ target, output }: Binary): Promise<void> {
  const permissions = await Deno.readTextFile(`${top}scripts/permissions`);
  const options = permissions.trim().split(" ");
  if (target !== undefined) options.push("--target", target);
  const { success, code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["compile", "--no-config", "--no-lock", ...options, "--output", output]
      .concat(`${top}dist/main.js`),
    stdout: "inherit",
    stderr: "piped",
  }).output();
  await Deno.stderr.write(stderr);
  if (!success) throw new Error(explain(new TextDecoder().decode(stderr), code, target));
}

function explain(said: string, code: number, target = Deno.build.target): string {
  const given = Deno.env.get("DENORT_BIN");
  if (!said.includes("denort")) return `Cannot compile: deno compile ended with ${code}`;
  if (given !== undefined) return `Cannot compile: DENORT_BIN names "${given}", which is no denort`;
  return `Cannot compile: "denort-${target}.zip" of Deno ${Deno.version.deno} cannot be ` +
    "downloaded here. Unpack it from that release and name the denort in it: DENORT_BIN=FILE";
}

if (import.meta.main) {
  const options = {
    target: { type: "string" },
    output: { type: "string", default: "fob" },
  } as const;
  try {
    const { values } = parseArgs({ args: Deno.args, options });
    await bundle();
    await compile(values);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    Deno.exit(1);
  }
}
