import { rigsCache } from "./npm_files.ts";

/** A coding agent from npm. */
export interface AgentPackage {
  /** The name of the executable. */
  readonly program: string;
  readonly package: string;
  /** The version that `src/agents` was tested with. */
  readonly version: string;
  /** Set if `npm install` of the package fails: packages to install instead, and the file to run. */
  readonly bare?: { readonly needs: readonly string[]; readonly file: string };
}

/** Crush is missing: its npm package downloads the program from another site. */
export const agentPackages: readonly AgentPackage[] = [
  { program: "claude", package: "@anthropic-ai/claude-code", version: "2.1.330" },
  { program: "codex", package: "@openai/codex", version: "0.169.0" },
  { program: "opencode", package: "opencode-ai", version: "1.18.33" },
  { program: "gemini", package: "@google/gemini-cli", version: "0.61.0" },
  { program: "copilot", package: "@github/copilot", version: "1.0.102" },
  {
    program: "pi",
    package: "@earendil-works/pi-coding-agent",
    version: "1.5.2",
    // Some of its dependencies are unpublished; its bundle includes them.
    bare: { needs: ["jiti@2.7.0", "node@24.21.0"], file: "dist/bundle/cli.js" },
  },
];

/** The folder with the executable of `agent`, made by {@link installAgent}. */
export function agentFolder({ program, version }: AgentPackage): string {
  return `${rigsCache()}/agent-${program}-${version}/bin`;
}

/** Whether `agent` is installed. */
export async function hasAgent(agent: AgentPackage): Promise<boolean> {
  return await Deno.stat(`${agentFolder(agent)}/${agent.program}`).then(() => true, () => false);
}

/**
 * Installs `agent` with npm into {@link rigsCache}: a few hundred megabytes.
 *
 * @throws {Error} if npm fails.
 */
export async function installAgent(agent: AgentPackage): Promise<void> {
  await Deno.mkdir(rigsCache(), { recursive: true });
  const folder = await Deno.makeTempDir({ dir: rigsCache(), prefix: "fetch-" });
  try {
    const spec = `${agent.package}@${agent.version}`;
    await npm("install", `--prefix=${folder}`, ...agent.bare?.needs ?? [spec]);
    if (agent.bare !== undefined) await unpack(spec, `${folder}/node_modules/${agent.package}`);
    const target = agentFolder(agent).replace(/\/bin$/, "");
    await Deno.mkdir(`${folder}/bin`);
    const words = agent.bare === undefined ? [`${target}/node_modules/.bin/${agent.program}`] : [
      `${target}/node_modules/.bin/node`,
      `${target}/node_modules/${agent.package}/${agent.bare.file}`,
    ];
    const text = `#!/bin/sh\nexec ${words.join(" ")} "$@"\n`;
    await Deno.writeTextFile(`${folder}/bin/${agent.program}`, text, { mode: 0o755 });
    await Deno.rename(folder, target);
  } catch (error) {
    await Deno.remove(folder, { recursive: true });
    throw error;
  }
}

async function unpack(spec: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  const name = await npm("pack", `--pack-destination=${to}`, spec);
  await run("tar", "-xzf", `${to}/${name.trim()}`, "-C", to, "--strip-components=1");
}

async function npm(...args: string[]): Promise<string> {
  return await run("npm", ...args, "--no-audit", "--no-fund", "--loglevel=error");
}

async function run(command: string, ...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, { args, stdin: "null" })
    .output();
  const text = new TextDecoder();
  if (!success) throw new Error(`${command} failed: ${text.decode(stderr)}`);
  return text.decode(stdout);
}
