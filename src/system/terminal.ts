import { FobError } from "../errors.ts";
import type { Environment } from "./environment.ts";

/** The three streams of this process, and whether a person is at them. */
export interface Terminal {
  /** Whether a person can be asked: standard input and standard error are terminals, and nobody forbade it. */
  readonly canAsk: boolean;
  /** Whether standard input is a terminal rather than a file or a pipe. */
  readonly inputIsTerminal: boolean;
  /** Whether a person reads standard output, rather than a program. */
  readonly outputIsTerminal: boolean;
  /** How wide standard output is, in columns, where it is a terminal. */
  readonly outputColumns: number | undefined;
  /** Whether standard output may be coloured. */
  readonly outputColour: boolean;
  /** Whether standard error may be coloured. */
  readonly colour: boolean;
  /**
   * Writes the answer to standard output, all of it.
   *
   * @throws {FobError} `io_failed` where nobody reads it any more.
   */
  answer(text: string): void;
  /** Writes a line for people to standard error. Never fails: there may be nobody. */
  say(text: string): void;
  /** Whether a line on standard error can be taken back, and somebody sees that. */
  readonly canDraw: boolean;
  /** Shows a line until anything else is written; the empty line shows nothing. Only where `canDraw`. */
  draw(line: string): void;
  /** Replaces the line above that of the cursor, which stays where it is. Only where `canDraw`. */
  redrawAbove(line: string): void;
  /**
   * All of standard input, as text.
   *
   * @throws {FobError} `usage` beyond `limit` bytes.
   */
  readInput(limit: number): Promise<string>;
  /** The same as the bytes that it is. Throws as `readInput`. */
  readBytes(limit: number): Promise<Uint8Array<ArrayBuffer>>;
  /** The lines of standard input as they are typed, until `signal` aborts. */
  lines(signal: AbortSignal): AsyncIterable<string>;
}

/** This process's terminal. `mayAsk`: whether the command line and the environment allow questions. */
export function systemTerminal(mayAsk: boolean, environment: Environment): Terminal {
  const mayColour = wantsColour(environment);
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
    outputColour: mayColour ?? outputIsTerminal,
    colour: mayColour ?? errorIsTerminal,
    ...writers(errorIsTerminal && environment.get("TERM") !== "dumb" && mayAsk),
    readInput: async (limit) => new TextDecoder().decode(await readBytes(limit)),
    readBytes,
    lines,
  };
}

/**
 * Whether the environment wants colours whoever reads them, or none; `undefined`: it leaves that to whether
 * a terminal does. By no-color.org, force-color.org and bixense.com/clicolors; `dumb` is a terminal that
 * shows escape sequences instead of heeding them (terminfo(5)).
 */
export function wantsColour({ get }: Environment): boolean | undefined {
  if (get("NO_COLOR") !== undefined) return false;
  for (const name of ["FORCE_COLOR", "CLICOLOR_FORCE"]) {
    const value = get(name);
    if (value !== undefined) return value !== "0" && value !== "false";
  }
  return get("CLICOLOR") === "0" || get("TERM") === "dumb" ? false : undefined;
}

/** COLUMNS goes before what the terminal says, POSIX XBD section 8.3. */
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

/** ECMA-48 sections 8.3.41 and 8.3.22, and DEC's private save and restore of the cursor. */
const controls = { erase: "\x1b[K", up: "\x1b[A", save: "\x1b7", restore: "\x1b8" } as const;

function writers(
  canDraw: boolean,
): Pick<Terminal, "answer" | "say" | "canDraw" | "draw" | "redrawAbove"> {
  const { erase, up, save, restore } = controls;
  /** A longer one would go on in the next line, which is not taken back. */
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
    // Standard error is the last place to complain.
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
