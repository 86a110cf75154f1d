import { deepEqual } from "node:assert/strict";

const module = (name: string): string => `${new URL(`../../../ffi/${name}`, import.meta.url)}`;

/** Prints the dumpable flag of this process: `PR_GET_DUMPABLE`, prctl(2). */
const show = `
const { prctl } = Deno.dlopen("libc.so.6", {
  prctl: { parameters: ["i32"], result: "i32" },
}).symbols;
console.log(prctl(3));`;

Deno.test({
  name: "forbidDumps affects this process, but not its child programs",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    const script = `
      ${show}
      const { forbidDumps } = await import("${module("dumps.ts")}");
      console.log(forbidDumps(), prctl(3));
      const [child] = Deno.args;
      await new Deno.Command(Deno.execPath(), { args: ["eval", "--no-config", child] }).spawn().status;`;
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["eval", "--no-config", "--no-check", script, show],
    }).output();
    deepEqual(new TextDecoder().decode(stdout).trim().split("\n"), ["1", "true 0", "1"]);
  },
});
