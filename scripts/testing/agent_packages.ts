import type { Agent, AgentPackage as NpmPackage } from "../../src/agents/agent.ts";
import { agents } from "../../src/agents/agents.ts";
import { rigsCache } from "./npm_files.ts";

/** A coding agent from npm. */
export interface AgentPackage extends NpmPackage {
  /** The name of the executable. */
  readonly program: string;
  /** The version that `src/agents` was tested with. */
  readonly version: string;
}

/** The agents of the registry that npm has. */
export const agentPackages: readonly AgentPackage[] = (Object.values(agents) as Agent[]).flatMap(
  ({ program, verifiedVersion: version, npm }) =>
    npm === undefined ? [] : [{ program, version, ...npm }],
);

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
