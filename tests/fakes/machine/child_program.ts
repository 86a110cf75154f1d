/** A TypeScript program of the tests in a separate process. */
export interface ChildProgram extends AsyncDisposable {
  readonly process: Deno.ChildProcess;
  /** The next line of its standard output; `undefined` after the last. */
  nextLine(): Promise<string | undefined>;
}

/** Starts the TypeScript program at `url`. Disposing it kills the process. */
export function startProgram(url: URL, args: readonly string[] = []): ChildProgram {
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-prompt", "--no-config", url.pathname, ...args],
    stdin: "null",
    stdout: "piped",
  }).spawn();
  const lines = linesOf(process.stdout);
  return {
    process,
    nextLine: async () => (await lines.next()).value || undefined,
    async [Symbol.asyncDispose](): Promise<void> {
      try {
        process.kill("SIGKILL");
      } catch {
        // It has ended by itself.
      }
      await lines.return(undefined);
      await process.status;
    },
  };
}

/** The lines of a stream of text. */
export async function* linesOf(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<string> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const parts = (rest + text).split("\n");
    rest = parts.pop() ?? "";
    yield* parts;
  }
}
