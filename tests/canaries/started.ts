/** A program that was started: its arguments and its environment. */
export interface Started {
  readonly argv: readonly string[];
  readonly environment: readonly string[];
}

/**
 * What has strace write to `log` every program that the rest of argv starts, itself included, whichever way.
 * Strace stops threads for these calls alone, and is not the parent of what it watches.
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

/** The programs in what strace wrote. Throws where it has cut something off. */
export function parseStarted(log: string): Started[] {
  const calls = log.split("\n").filter((line) => /\bexecve(at)?\(/.test(line));
  return calls.map((line) => {
    const [[, argv, environment] = []] = [...line.matchAll(call)];
    if (argv === undefined || environment === undefined) {
      throw new Error(`Not understood: ${line.slice(0, 300)}`);
    }
    return { argv: wordsOf(argv), environment: wordsOf(environment) };
  });
}

function wordsOf(list: string): string[] {
  return [...list.matchAll(/"([^"]*)"/g)].map(([, text = ""]) =>
    new TextDecoder().decode(Uint8Array.fromHex(text.replaceAll("\\x", "")))
  );
}
