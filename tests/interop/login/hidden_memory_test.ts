import { deepEqual, ok } from "node:assert/strict";
import { missingRigs } from "../../rigs/rigs.ts";
import { holdNext } from "./kill.ts";
import { ended, openLoginHome, type StoreName } from "./login_home.ts";

const missing = await missingRigs();

/** Drops the capabilities of root, with which it could read all processes. */
const asAnybody = Deno.build.os === "linux" && Deno.uid() === 0
  ? ["setpriv", "--bounding-set=-all", "--inh-caps=-all", "--"]
  : [];

/** Whether another program of the same user can open a file in `/proc` of the process `pid`. */
async function canOpen(name: "mem" | "environ", pid: number): Promise<boolean> {
  const words = [...asAnybody, "sh", "-c", ': < "$1"', "sh", `/proc/${pid}/${name}`];
  const [program = "", ...args] = words;
  return (await new Deno.Command(program, { args, stderr: "null" }).output()).success;
}

/** Whether the files of a fob process can be opened that has read its login and waits for the server. */
async function openOf(storeName: StoreName): Promise<Record<"mem" | "environ", boolean>> {
  await using home = await openLoginHome(storeName);
  const request = holdNext(home.server, "received");
  const child = home.start(["auth", "token"], asAnybody);
  await request.reached;
  const [mem, environ] = [await canOpen("mem", child.pid), await canOpen("environ", child.pid)];
  request.release();
  ok((await ended(child)).stdout.includes("access_token"));
  return { mem, environ };
}

Deno.test({
  name: "other programs of the same user cannot attach to fob after it has read the keyring",
  ignore: missing.includes("keyring"),
  fn: async () => {
    // Opening `mem` needs the same permission as attaching (ptrace(2), "Ptrace access mode checking").
    deepEqual(await openOf("Secret Service"), { mem: false, environ: false });
  },
});

Deno.test({
  name: "other programs can attach to fob with a plaintext file, as far as the system allows",
  ignore: missing.includes("keyring"),
  fn: async () => {
    const scope = await Deno.readTextFile("/proc/sys/kernel/yama/ptrace_scope").catch(() => "0");
    deepEqual(await openOf("plaintext file"), { mem: scope.trim() === "0", environ: true });
  },
});
