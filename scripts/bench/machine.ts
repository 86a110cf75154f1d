/** Describes the machine; `load` is the load average of the minute before the run. */
export async function describeMachine(load: number): Promise<string> {
  const model = field(await readSystem("cpuinfo"), "model name") ?? Deno.build.arch;
  const memory = Math.round(
    Number.parseInt(field(await readSystem("meminfo"), "MemTotal") ?? "0") / 2 ** 20,
  );
  const os = field(
    (await Deno.readTextFile("/etc/os-release")).replaceAll("=", ":"),
    "PRETTY_NAME",
  );
  const cores = navigator.hardwareConcurrency;
  return `${cores} cores (${model}), ${memory} GB, ${
    os?.replaceAll('"', "")
  }, Deno ${Deno.version.deno}.${load > cores / 2 ? await describeOthers(load) : ""}`;
}

/** A remark if other processes used the machine. */
async function describeOthers(load: number): Promise<string> {
  const isAhead = /^policy\s*:\s*[12]$/m.test(await readSystem("self/sched"));
  return ` Other programs were running: the load average was ${load.toFixed(1)} before the run${
    isAhead ? ". The benchmark had real-time priority (SCHED_RR)" : ""
  }.`;
}

async function readSystem(name: string): Promise<string> {
  return await Deno.readTextFile(`/proc/${name}`).catch(() => "");
}

function field(text: string, name: string): string | undefined {
  return new RegExp(`^${name}\\s*:\\s*(.+)$`, "m").exec(text)?.[1];
}
