// deno-lint-ignore-file no-console
import { bundle } from "../release/bundle.ts";
import { agentPackages, hasAgent, installAgent } from "./agent_packages.ts";
import type { Rig } from "./rigs.ts";
import { runAll } from "./test.ts";

const folder = "tests/interop/agents";

const rigs: readonly Rig[] = [{
  name: "network namespace",
  commands: ["unshare", "ip", "npm"],
  libraries: [],
  packages: ["util-linux", "iproute2", "npm"],
  isForRoot: true,
  trial: ["unshare", "-n", "true"],
}];

/** Runs the tests with real coding agents in a network namespace with loopback only. */
async function main(args: readonly string[]): Promise<boolean> {
  if (args[0] === "--inside") {
    return await runAll([`${folder}/trials.ts`, ...args.slice(1)], rigs);
  }
  for (const agent of agentPackages) {
    if (!await hasAgent(agent)) {
      await installAgent(agent).catch((error: Error) => console.error(error.message));
    }
  }
  // Bundle before entering the namespace, because the bundler may download packages.
  await bundle();
  const inside = `ip link set lo up && exec "$@"`;
  const own = [Deno.execPath(), "run", "-A", import.meta.filename ?? "", "--inside", ...args];
  const { success } = await new Deno.Command("unshare", {
    args: ["-n", "sh", "-c", inside, "sh", ...own],
  }).spawn().status;
  return success;
}

if (import.meta.main && !await main(Deno.args)) Deno.exit(1);
