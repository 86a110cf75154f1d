/** The arguments and the environment of a started program. */
export interface Started {
  readonly argv: readonly string[];
  readonly environment: readonly string[];
}

/**
 * The strace command that logs every program that the rest of argv starts, itself included, to `log`.
 * strace stops threads only for these calls, and is not the parent of the program.
 */
export function startWatcher(log: string): string[] {
  const calls = ["--trace=execve,execveat", "--status=successful"];
  return [
    "strace",
    "-D",
    "-f",
    "--seccomp-bpf",
    "-v",
    "-xx",
    "-s",
    "10000000",
    ...calls,
    "-o",
    log,
  ];
}

const words = String.raw`\[((?:"(?:\\x[0-9a-f]{2})*"(?:, )?)*)\]`;
const call = new RegExp(String.raw`execve(?:at)?\(.*?${words}, ${words}`, "g");

/** Parses a log of strace.
 *
 * @throws {Error} for a line that is cut off or not understood. */
export function parseStarted(log: string): Started[] {
  const calls = log.split("\n").filter((line) => /\bexecve(at)?\(/.test(line));
  return calls.map((line) => {
    const [[, argv, environment] = []] = [...line.matchAll(call)];
    if (argv === undefined || environment === undefined) {
      throw new Error(`Unexpected line of strace: ${line.slice(0, 300)}`);
    }
    return { argv: wordsOf(argv), environment: wordsOf(environment) };
  });
}

function wordsOf(list: string): string[] {
  return [...list.matchAll(/"([^"]*)"/g)].map(([, text = ""]) =>
    new TextDecoder().decode(Uint8Array.fromHex(text.replaceAll("\\x", "")))
  );
}
