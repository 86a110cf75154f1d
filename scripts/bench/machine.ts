/** The machine that the run was on, as one paragraph. */
export async function describeMachine(loadBefore: readonly number[]): Promise<string> {
  const model = field(await readSystem("cpuinfo"), "model name") ?? Deno.build.arch;
  const memory = Math.round(
    Number.parseInt(field(await readSystem("meminfo"), "MemTotal") ?? "0") / 2 ** 20,
  );
  const os = field(
    (await Deno.readTextFile("/etc/os-release")).replaceAll("=", ":"),
    "PRETTY_NAME",
  );
  const load = (of: readonly number[]): string => (of[0] ?? 0).toFixed(1);
  const isAhead = /^policy\s*:\s*[12]$/m.test(await readSystem("self/sched"));
  return `${navigator.hardwareConcurrency} cores (${model}), ${memory} GB, ${
    os?.replaceAll('"', "")
  }, Deno ${Deno.version.deno}. Load average ${load(loadBefore)} before the run and ${
    load(Deno.loadavg())
  } after it.${
    isAhead ? " Other programs ran; the run had a real-time priority (SCHED_RR) over them." : ""
  }`;
}

async function readSystem(name: string): Promise<string> {
  return await Deno.readTextFile(`/proc/${name}`).catch(() => "");
}

function field(text: string, name: string): string | undefined {
  return new RegExp(`^${name}\\s*:\\s*(.+)$`, "m").exec(text)?.[1];
}
