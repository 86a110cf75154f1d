import { difference } from "../runner/golden.ts";
import { mountWrapper } from "../runner/mounts.ts";
import type { Script } from "../runner/script.ts";
import { expandKnown } from "../runner/words.ts";
import { type Finding, numberOf, type Verb } from "./verb.ts";

/** Verbs that run fob and check a run. */
export const programVerbs: Readonly<Record<string, Verb>> = {
  fob: {
    usage: "fob [ARG…]",
    run: async (script, args) => {
      const { code } = await script.runFob(args);
      return { holds: code === 0, detail: `the exit code is ${code}` };
    },
  },
  "databricks-cli": {
    usage: "databricks-cli [ARG…]",
    run: async (script, args) => {
      const { code } = await script.runFob(args, "databricks");
      return { holds: code === 0, detail: `the exit code is ${code}` };
    },
  },
  exit: {
    usage: "exit CODE",
    run: (script, [code = ""]) => {
      const found = script.lastRun().code;
      return { holds: found === numberOf(code), detail: `the exit code is ${found}` };
    },
  },
  stdin: {
    usage: "stdin FILE",
    run: (script, [name = ""]) => {
      script.next.stdin = script.path(name);
    },
  },
  input: {
    usage: "input TEXT",
    run: async (script, [text = ""]) => {
      script.next.stdin = script.path("input");
      await Deno.writeTextFile(script.next.stdin, text);
    },
  },
  called: {
    usage: "called NAME",
    run: (script, [name = ""]) => {
      script.next.name = name;
    },
  },
  in: {
    usage: "in DIR",
    run: (script, [name = ""]) => {
      script.next.cwd = script.path(name);
    },
  },
  "close-stdout": {
    usage: "close-stdout",
    run: (script) => {
      script.next.closeStdout = true;
    },
  },
  unshare: {
    usage: "unshare readonly|tmpfs DIR [BYTES]",
    run: (script, [form = "", dir = "", bytes]) => {
      script.next.wrappers.push(mountWrapper(form, script.path(dir), bytes));
    },
  },
  stdout: { usage: "stdout RE", run: (script, [re = ""]) => search(script, "stdout", re) },
  stderr: { usage: "stderr RE", run: (script, [re = ""]) => search(script, "stderr", re) },
  empty: {
    usage: "empty stdout|stderr|FILE",
    run: async (script, [name = ""]) => {
      const text = await script.read(name);
      return { holds: text === "", detail: `${name} has ${text.length} characters` };
    },
  },
  cmp: {
    usage: "cmp FILE|stdout|stderr GOLDEN",
    run: async (script, [name = "", golden = ""]) => {
      const wanted = expandKnown(await script.read(golden), (name) => script.lookUp(name));
      const shown = difference(await script.read(name), wanted);
      return { holds: shown === undefined, detail: shown ?? "they agree" };
    },
  },
  json: {
    usage: "json FILE|stdout|stderr PATH [VALUE]",
    run: async (script, [name = "", path = "", value]) => {
      const found = member(JSON.parse(await script.read(name)), path);
      const shown = typeof found === "string" ? found : JSON.stringify(found);
      const holds = value === undefined ? found !== undefined : shown === value;
      return { holds, detail: `${path} is ${shown ?? "absent"}` };
    },
  },
  env: {
    usage: "env NAME=VALUE|-NAME…",
    run: (script, settings) => {
      for (const setting of settings) setVariable(script.env, setting);
    },
  },
  sleep: {
    usage: "sleep SECONDS",
    run: (_script, [seconds = ""]) =>
      new Promise((wake) => setTimeout(wake, numberOf(seconds) * 1000)),
  },
};

function search(script: Script, name: "stdout" | "stderr", pattern: string): Finding {
  return {
    holds: new RegExp(pattern, "m").test(script.lastRun()[name]),
    detail: `see ${name} below`,
  };
}

/** The value at a dotted path. A number is an array index. */
function member(value: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((inner, key) => {
    const isOpen = typeof inner === "object" && inner !== null && Object.hasOwn(inner, key);
    return isOpen ? (inner as Record<string, unknown>)[key] : undefined;
  }, value);
}

function setVariable(env: Map<string, string>, setting: string): void {
  const [, unset, name = "", value = ""] = /^(?:-(\w+)|(\w+)=(.*))$/s.exec(setting) ?? [];
  if (unset !== undefined) env.delete(unset);
  else if (name !== "") env.set(name, value);
  else throw new Error(`Invalid setting "${setting}" (valid: NAME=VALUE, -NAME)`);
}
