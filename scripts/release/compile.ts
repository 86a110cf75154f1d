// deno-lint-ignore-file no-console
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { bundle } from "./bundle.ts";
import { makeIcon } from "./icon.ts";
import { type Payload, readPayload } from "./payload.ts";
import { releaseTime } from "./release_time.ts";
import { binaryName, binaryPath, findTarget, type Target } from "./targets.ts";

const top = fileURLToPath(new URL("../..", import.meta.url));

/** Bytes that may be embedded: not quite twice what fob has. */
export const payloadBudget = 1_000_000;

/** What `deno compile` is to make. */
export interface Binary {
  readonly target: Target;
  readonly output: string;
}

/**
 * Makes a binary from the bundle in `dist/` alone: `deno compile` follows the literal imports from
 * `dist/main.js` to its chunks, and embeds nothing else. What is embedded is then read back.
 *
 * V8's code cache is off: a binary would write it to a file of a known name in the folder for temporary
 * files, and run what is in it, whoever put it there.
 *
 * @throws {Error} if no such binary can be made; then there is no file either.
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
      // Whether a binary traces what it asks for, its addresses too, is settled here.
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

/** The bundle's files, sorted, each with the time of the release, which is embedded too. */
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

/** @throws {Error} if anything else is embedded than `files`, or may be done than the options say. */
export function checkPayload(
  payload: Payload,
  files: readonly string[],
  options: readonly string[],
): Payload {
  const others = payload.files.filter((name) => !files.includes(name));
  if (others.length > 0) throw new Error(`Embedded by mistake: ${others.join(", ")}`);
  const missing = files.filter((name) => !payload.files.includes(name));
  if (missing.length > 0) throw new Error(`Not embedded: ${missing.join(", ")}`);
  if (payload.entrypoint !== "main.js") throw new Error(`It starts "${payload.entrypoint}"`);
  if (payload.hasCodeCache) throw new Error("It would keep a code cache");
  if (payload.size > payloadBudget) {
    throw new Error(`${payload.size} bytes are embedded, over the budget of ${payloadBudget}`);
  }
  const [may, should] = [describe(payload.permissions), describe(permissionsOf(options))];
  if (may !== should) throw new Error(`It may do ${may}, instead of ${should}`);
  return payload;
}

/** What the options allow and deny, in Deno's own records: an empty list is everything. */
function permissionsOf(options: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(options.map((option) => {
    if (option === "--no-prompt") return ["prompt", false];
    const [name = "", list] = option.slice(2).split("=");
    return [name.replace("-", "_"), list?.split(",") ?? []];
  }));
}

/** Where Deno may import from by default does not matter, since every import is denied. */
function describe(permissions: Readonly<Record<string, unknown>>): string {
  const set = Object.entries(permissions)
    .filter(([name, value]) => value !== null && name !== "allow_import");
  return JSON.stringify(Object.fromEntries(set.sort(([a], [b]) => a < b ? -1 : 1)));
}

async function explain(said: string, code: number, { triple }: Target): Promise<string> {
  const given = Deno.env.get("DENORT_BIN");
  if (given !== undefined) {
    const isThere = await Deno.stat(given).then(({ isFile }) => isFile, () => false);
    const what = isThere ? `of which no binary for ${triple} can be made` : "which is not there";
    return `Cannot compile: DENORT_BIN names "${given}", ${what}`;
  }
  if (!said.includes("denort")) {
    return `${said.trimEnd()}\nCannot compile: deno compile ended with ${code}`;
  }
  const { deno } = Deno.version;
  return `Cannot compile: "denort-${triple}.zip" of Deno ${deno} cannot be downloaded here. ` +
    "Unpack it from that release and name the denort in it: DENORT_BIN=FILE";
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
