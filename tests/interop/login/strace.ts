import type { Run } from "../../acceptance/runner/program.ts";
import type { LoginHome } from "./login_home.ts";

/** A system call: its name and strace's line, with the paths of descriptors. */
export interface Call {
  readonly name: string;
  readonly line: string;
}

/** System calls on files, locks and sockets. */
const traced = "%file,%network,flock,fcntl,ftruncate,fchmod,fchown";

/** Runs fob under strace and returns its system calls. `wrapper`: a program that executes fob. */
export async function traceFob(
  home: LoginHome,
  args: readonly string[],
  variables: Record<string, string> = {},
  wrapper: readonly string[] = [],
  stdin?: string,
): Promise<{ run: Run; calls: Call[] }> {
  const file = await Deno.makeTempFile({ prefix: "fob-strace-" });
  try {
    const strace = ["strace", "-f", "-y", "-s", "256", "-e", `trace=${traced}`, "-o", file];
    const run = await home.run(args, variables, [...strace, ...wrapper], stdin);
    const calls = parseTrace(await Deno.readTextFile(file));
    // The calls before belong to the wrapper.
    return { run, calls: calls.slice(calls.findLastIndex(({ name }) => name === "execve")) };
  } finally {
    await Deno.remove(file);
  }
}

/** Parses the calls of a trace, and joins calls that other threads interrupted. */
function parseTrace(text: string): Call[] {
  const unfinished = new Map<string, string>();
  const calls: Call[] = [];
  for (const [, thread = "", line = ""] of text.matchAll(/^(\d+) +(.*)$/gm)) {
    const start = /^(.*) <unfinished \.\.\.>$/.exec(line)?.[1];
    if (start !== undefined) {
      unfinished.set(thread, start);
      continue;
    }
    const rest = /^<\.\.\. \w+ resumed>(.*)$/.exec(line)?.[1];
    const whole = rest === undefined ? line : (unfinished.get(thread) ?? "") + rest;
    const name = /^(\w+)\(/.exec(whole)?.[1];
    // Remove the working directory from the line.
    if (name !== undefined) {
      calls.push({ name, line: whole.replace(/AT_FDCWD<[^>]*>/, "AT_FDCWD") });
    }
  }
  return calls;
}
