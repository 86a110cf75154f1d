import { present } from "../../../src/present.ts";
import { fobCommand } from "../../acceptance/runner/fob_command.ts";
import { denoDirectory } from "../../rigs/remote_store.ts";

/** A running `fob exec --serve`, with the environment of its child. */
export interface ServedChild extends AsyncDisposable {
  /** The whole environment of the child. */
  readonly env: Readonly<Record<string, string>>;
  /** The process of fob. */
  readonly pid: number;
  /** Sends a request to the endpoint with the key. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** Ends the child, and returns the result of fob. */
  end(): Promise<{ readonly code: number; readonly stderr: string }>;
}

/** Prints its environment, then waits until its stdin ends. */
const child =
  `console.log(JSON.stringify(Deno.env.toObject())); for await (const _ of Deno.stdin.readable);`;

/**
 * Starts `fob exec ARGS --serve` with a child that waits. `env`: the environment of fob, without Deno's
 * variables.
 */
export async function startServed(
  args: readonly string[],
  { cwd, env }: { readonly cwd?: string; readonly env: Readonly<Record<string, string>> },
): Promise<ServedChild> {
  const [program = "", ...words] = await fobCommand();
  const process = new Deno.Command(program, {
    args: [...words, "exec", ...args, "--serve", "--", Deno.execPath(), "eval", child],
    ...present({ cwd }),
    clearEnv: true,
    env: { DENO_DIR: denoDirectory(), DENO_NO_UPDATE_CHECK: "1", NO_COLOR: "1", ...env },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const stderr = new Response(process.stderr).text();
  const first = await firstLine(process.stdout);
  if (first === undefined) throw new Error(`fob exec --serve has exited: ${await stderr}`);
  const given: Record<string, string> = JSON.parse(first);
  let ended: Promise<{ code: number; stderr: string }> | undefined;
  const end = async (): Promise<{ code: number; stderr: string }> => {
    await process.stdin.close();
    const { code } = await process.status;
    return { code, stderr: await stderr };
  };
  return {
    env: given,
    pid: process.pid,
    fetch: (path, init = {}) => {
      const headers = new Headers({ "x-api-key": given["FOB_SERVE_KEY"] ?? "" });
      new Headers(init.headers).forEach((value, name) => headers.set(name, value));
      return fetch(`${given["FOB_SERVE_URL"]}${path}`, { redirect: "manual", ...init, headers });
    },
    end: () => ended ??= end(),
    async [Symbol.asyncDispose](): Promise<void> {
      await (ended ??= end());
    },
  };
}

/** The first line of `stream`. The rest is discarded. `undefined` if the stream ends before. */
async function firstLine(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): Promise<string | undefined> {
  let text = "";
  for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const [line, rest] = text.split("\n", 2);
    if (rest !== undefined) return line;
  }
  return undefined;
}
