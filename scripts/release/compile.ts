// deno-lint-ignore-file no-console
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { bundle } from "./bundle.ts";
import { makeIcon } from "./icon.ts";
import { type Payload, readPayload } from "./payload.ts";
import { releaseTime } from "./release_time.ts";
import { binaryName, binaryPath, findTarget, type Target } from "./targets.ts";

const top = fileURLToPath(new URL("../..", import.meta.url));

/** Maximum size of the embedded files in bytes: a little less than twice their size today. */
export const payloadBudget = 1_000_000;

/** The binary that `deno compile` makes. */
export interface Binary {
  readonly target: Target;
  readonly output: string;
}

/**
 * Compiles a binary from the bundle in `dist/`. `deno compile` follows the literal imports from
 * `dist/main.js` to its chunks and embeds nothing else. The embedded files are then read back and checked.
 *
 * V8's code cache is off: the binary would write it to a predictable file in the temporary folder, and run
 * the content of that file even if another user wrote it.
 *
 * @throws {Error} if the binary cannot be made. No file is left then.
 */
export async function compile({ target, output }: Binary): Promise<Payload> {
  const permissions = (await Deno.readTextFile(`${top}scripts/permissions`)).trim().split(" ");
  const files = await stampBundle();
  const icon = target.os === "windows" ? await writeIcon() : undefined;
  try {
    const { success, code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["compile", "--no-config", "--no-lock", "--no-code-cache", "--app-name=fob"]
        .concat(permissions, "--target", target.triple)
        .concat(icon === undefined ? [] : ["--icon", icon], "--output", output)
        .concat(`${top}dist/main.js`),
      // The compiler stores its own OTEL_DENO in the binary. Traces would include requested URLs.
      env: { OTEL_DENO: "false" },
      stdout: "null",
      stderr: "piped",
    }).output();
    if (!success) throw new Error(await explain(new TextDecoder().decode(stderr), code, target));
  } finally {
    if (icon !== undefined) await Deno.remove(icon);
  }
  try {
    return checkPayload(readPayload(await Deno.readFile(output)), files, permissions);
  } catch (error) {
    await Deno.remove(output);
    throw error;
  }
}

/**
 * Sets the time of the bundle's files to the time of the release, because it is embedded. Returns their
 * names, sorted.
 */
async function stampBundle(): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(`${top}dist`));
  const names = entries.map(({ name }) => name).filter((name) => name.endsWith(".js")).sort();
  const time = releaseTime();
  await Promise.all(names.map((name) => Deno.utime(`${top}dist/${name}`, time, time)));
  return names;
}

async function writeIcon(): Promise<string> {
  const path = await Deno.makeTempFile({ suffix: ".ico" });
  await Deno.writeFile(path, makeIcon());
  return path;
}

/** @throws {Error} if the embedded files are not `files`, or the permissions differ from the options. */
export function checkPayload(
  payload: Payload,
  files: readonly string[],
  options: readonly string[],
): Payload {
  const others = payload.files.filter((name) => !files.includes(name));
  if (others.length > 0) throw new Error(`Embedded by mistake: ${others.join(", ")}`);
  const missing = files.filter((name) => !payload.files.includes(name));
  if (missing.length > 0) throw new Error(`Not embedded: ${missing.join(", ")}`);
  if (payload.entrypoint !== "main.js") {
    throw new Error(`The entry point is "${payload.entrypoint}" instead of "main.js"`);
  }
  if (payload.hasCodeCache) throw new Error("The code cache is enabled");
  if (payload.size > payloadBudget) {
    throw new Error(`${payload.size} bytes are embedded; the limit is ${payloadBudget}`);
  }
  const [may, should] = [describe(payload.permissions), describe(permissionsOf(options))];
  if (may !== should) throw new Error(`The permissions are ${may} instead of ${should}`);
  return payload;
}

/** The permissions of the options, in the form of Deno's metadata: an empty list means all. */
function permissionsOf(options: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(options.map((option) => {
    if (option === "--no-prompt") return ["prompt", false];
    const [name = "", list] = option.slice(2).split("=");
    return [name.replace("-", "_"), list?.split(",") ?? []];
  }));
}

/** Ignores Deno's default list of import hosts, because every import is denied. */
function describe(permissions: Readonly<Record<string, unknown>>): string {
  const set = Object.entries(permissions)
    .filter(([name, value]) => value !== null && name !== "allow_import");
  return JSON.stringify(Object.fromEntries(set.sort(([a], [b]) => a < b ? -1 : 1)));
}

async function explain(output: string, code: number, { triple }: Target): Promise<string> {
  const given = Deno.env.get("DENORT_BIN");
  if (given !== undefined) {
    const exists = await Deno.stat(given).then(({ isFile }) => isFile, () => false);
    const what = exists ? `which is not a denort for ${triple}` : "which does not exist";
    return `Cannot compile: DENORT_BIN names "${given}", ${what}`;
  }
  if (!output.includes("denort")) {
    return `${output.trimEnd()}\nCannot compile: deno compile exited with ${code}`;
  }
  const { deno } = Deno.version;
  return `Cannot compile: could not download "denort-${triple}.zip" of Deno ${deno}. ` +
    "Download and unpack it, and set DENORT_BIN to the path of denort";
}

if (import.meta.main) {
  const options = { target: { type: "string" }, output: { type: "string" } } as const;
  try {
    const { values } = parseArgs({ args: Deno.args, options });
    const target = findTarget(values.target ?? Deno.build.target);
    const named = values.target === undefined ? binaryName(target) : binaryPath(target);
    const output = values.output ?? named;
    await bundle();
    const { files, size } = await compile({ target, output });
    console.log(`${output}: ${files.length} files, ${size} bytes embedded`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    Deno.exit(1);
  }
}
