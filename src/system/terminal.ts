import { FobError } from "../errors.ts";
import type { Environment } from "./environment.ts";

/** The standard streams of this process, and whether they are terminals. */
export interface Terminal {
  /** Whether fob may prompt: standard input and standard error are terminals, and prompts are not disabled. */
  readonly canAsk: boolean;
  /** Whether standard input is a terminal rather than a file or a pipe. */
  readonly inputIsTerminal: boolean;
  /** Whether standard output is a terminal. */
  readonly outputIsTerminal: boolean;
  /** The width of standard output in columns; `undefined` if it is not a terminal or the width is unknown. */
  readonly outputColumns: number | undefined;
  /** Whether output to standard output may be colored. */
  readonly outputColor: boolean;
  /** Whether output to standard error may be colored. */
  readonly color: boolean;
  /**
   * Writes all of `text` to standard output.
   *
   * @throws {FobError} `io_failed`, for example if the reader has closed the pipe.
   */
  answer(text: string): void;
  /** Writes a line to standard error. Ignores errors. */
  say(text: string): void;
  /** Whether standard error is a terminal on which a line can be erased. */
  readonly canDraw: boolean;
  /** Shows a line until anything else is written; an empty line erases it. No effect unless `canDraw`. */
  draw(line: string): void;
  /** Replaces the line above the cursor, without moving the cursor. No effect unless `canDraw`. */
  redrawAbove(line: string): void;
  /**
   * Reads all of standard input as text.
   *
   * @throws {FobError} `usage` if it is longer than `limit` bytes.
   */
  readInput(limit: number): Promise<string>;
  /** Reads all of standard input as bytes. Throws as `readInput`. */
  readBytes(limit: number): Promise<Uint8Array<ArrayBuffer>>;
  /** The lines of standard input as they arrive, until `signal` aborts. */
  lines(signal: AbortSignal): AsyncIterable<string>;
}

/** This process's terminal. `mayAsk`: whether the command line and the environment allow prompts. */
export function systemTerminal(mayAsk: boolean, environment: Environment): Terminal {
  const mayColor = wantsColor(environment);
  const errorIsTerminal = Deno.stderr.isTerminal();
  const inputIsTerminal = Deno.stdin.isTerminal();
  const outputIsTerminal = Deno.stdout.isTerminal();
  return {
    canAsk: mayAsk && errorIsTerminal && inputIsTerminal,
    inputIsTerminal,
    outputIsTerminal,
    get outputColumns(): number | undefined {
      return outputIsTerminal ? columns(environment) : undefined;
    },
    outputColor: mayColor ?? outputIsTerminal,
    color: mayColor ?? errorIsTerminal,
    ...writers(errorIsTerminal && environment.get("TERM") !== "dumb" && mayAsk),
    readInput: async (limit) => new TextDecoder().decode(await readBytes(limit)),
    readBytes,
    lines,
  };
}

/**
 * Whether the environment forces colors on or off; `undefined`: colors only on a terminal. Follows no-color.org,
 * force-color.org and bixense.com/clicolors. A `dumb` terminal prints escape sequences as text (terminfo(5)).
 */
export function wantsColor({ get }: Environment): boolean | undefined {
  if (get("NO_COLOR") !== undefined) return false;
  for (const name of ["FORCE_COLOR", "CLICOLOR_FORCE"]) {
    const value = get(name);
    if (value !== undefined) return value !== "0" && value !== "false";
  }
  return get("CLICOLOR") === "0" || get("TERM") === "dumb" ? false : undefined;
}

/** COLUMNS overrides the size of the terminal, POSIX XBD section 8.3. */
function columns({ get }: Environment): number | undefined {
  const asked = get("COLUMNS");
  if (asked !== undefined && /^[1-9]\d{0,4}$/.test(asked)) return Number(asked);
  return columnsOfTerminal();
}

function columnsOfTerminal(): number | undefined {
  try {
    return Deno.consoleSize().columns || undefined;
  } catch {
    return undefined;
  }
}

/** ECMA-48 sections 8.3.41 and 8.3.22, and DEC's private sequences to save and restore the cursor. */
const controls = { erase: "\x1b[K", up: "\x1b[A", save: "\x1b7", restore: "\x1b8" } as const;

function writers(
  canDraw: boolean,
): Pick<Terminal, "answer" | "say" | "canDraw" | "draw" | "redrawAbove"> {
  const { erase, up, save, restore } = controls;
  /** Cuts a line to the width of the terminal: a wrapped line could not be erased. */
  const cut = (line: string): string => line.slice(0, (columnsOfTerminal() ?? 80) - 1);
  let drawn = false;
  const clear = (): void => {
    if (drawn) trySay(`\r${erase}`);
    drawn = false;
  };
  return {
    canDraw,
    answer: (text) => {
      clear();
      answer(text);
    },
    say: (text) => {
      clear();
      trySay(`${text}\n`);
    },
    draw: (line) => {
      clear();
      if (!canDraw || line === "") return;
      trySay(cut(line));
      drawn = true;
    },
    redrawAbove: (line) => {
      if (canDraw) trySay(`${save}\r${up}${cut(line)}${erase}${restore}`);
    },
  };
}

function answer(text: string): void {
  try {
    writeAll(Deno.stdout, text);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    // winerror.h: 233 is ERROR_PIPE_NOT_CONNECTED, which Deno has no name for.
    const isClosed = cause instanceof Deno.errors.BrokenPipe || message.includes("(os error 233)");
    const why = isClosed ? "the reader has closed it" : message;
    throw new FobError("io_failed", `Cannot write to standard output: ${why}`, { cause });
  }
}

function trySay(text: string): void {
  try {
    writeAll(Deno.stderr, text);
  } catch {
    // There is no other place to report it.
  }
}

function writeAll(stream: { writeSync(bytes: Uint8Array): number }, text: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let written = 0; written < bytes.length;) {
    written += stream.writeSync(bytes.subarray(written));
  }
}

async function readBytes(limit: number): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for await (const chunk of Deno.stdin.readable) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > limit) {
      throw new FobError("usage", `Standard input is longer than ${limit} bytes`);
    }
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

async function* lines(signal: AbortSignal): AsyncGenerator<string> {
  const reader = Deno.stdin.readable.pipeThrough(new TextDecoderStream()).getReader();
  const stop = (): void => void reader.cancel().catch(() => {});
  signal.addEventListener("abort", stop, { once: true });
  try {
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const parts = (rest + value).split(/\r?\n/);
      rest = parts.pop() ?? "";
      yield* parts;
    }
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
