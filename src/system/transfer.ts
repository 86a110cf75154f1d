import { FobError } from "../errors.ts";
import { present } from "../present.ts";

/** An answer whose body comes as it is read. A `Response` is one. */
export type Received = Pick<Response, "status" | "statusText" | "headers" | "body">;

/** What is sent. */
export interface SentRequest {
  readonly method: string;
  readonly headers: Headers;
  readonly body?: BodyInit;
}

/** Sends one request and follows no redirect. Throws `FobError` `provider_unreachable`, and so does the body. */
export type StreamingFetch = (url: URL, request: SentRequest) => Promise<Received>;

/** The body of a request. */
export interface RequestBody {
  /** Whether it can be opened a second time. */
  readonly repeatable: boolean;
  /** @throws {FobError} `io_failed`. */
  open(): Promise<BodyInit>;
}

/** The network and this process's streams, for bytes that are passed on as they come. */
export interface Transfer {
  readonly fetch: StreamingFetch;
  /**
   * The body that `text` means: `@FILE` a file's bytes, `@-` standard input, anything else itself.
   *
   * @throws {FobError} `io_failed` for what is no file.
   */
  body(text: string): Promise<RequestBody>;
  /**
   * Writes to standard output; resolves to `false` where nobody reads it any more.
   *
   * @throws {FobError} `io_failed`, for a full disk for example.
   */
  write(bytes: Uint8Array): Promise<boolean>;
}

export interface TransferNeeds {
  readonly fetch: (url: URL, init: RequestInit) => Promise<Response>;
  /** The version of fob, for the `User-Agent`. */
  readonly version: string;
  /** What to throw where the network failed. */
  readonly unreachable: (error: unknown, origin: string) => FobError;
}

/**
 * Bytes of a file that are sent at once, with their `Content-Length`, which some servers insist on. Deno
 * sends a stream without one.
 */
const sentAtOnce = 8_388_608;

export function transfer(needs: TransferNeeds): Transfer {
  return { fetch: (url, request) => exchange(url, request, needs), body: readBody, write };
}

/** No compression is asked for: Deno would undo it, and leave the headers that tell of it. */
async function exchange(
  url: URL,
  { method, headers: given, body: sent }: SentRequest,
  { fetch, version, unreachable }: TransferNeeds,
): Promise<Received> {
  const headers = new Headers(given);
  if (!headers.has("user-agent")) headers.set("user-agent", `fob/${version}`);
  headers.set("accept-encoding", "identity");
  const fault = (error: unknown): FobError => unreachable(error, url.origin);
  const init = { method, headers, redirect: "manual" } as const;
  try {
    const answer = await fetch(url, { ...init, ...present({ body: sent }) });
    const { status, statusText, body } = answer;
    const reported = body && reporting(body, fault);
    return { status, statusText, headers: answer.headers, body: reported };
  } catch (error) {
    throw fault(error);
  }
}

/** `stream` with what `fault` makes of its errors. Who cancels it need not wait for what comes next, as with a generator. */
function reporting<T>(
  stream: ReadableStream<T>,
  fault: (error: unknown) => FobError,
): ReadableStream<T> {
  const reader = stream.getReader();
  return new ReadableStream({
    async pull(controller): Promise<void> {
      try {
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      } catch (error) {
        controller.error(fault(error));
      }
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: 0 });
}

async function readBody(text: string): Promise<RequestBody> {
  if (!text.startsWith("@")) {
    return { repeatable: true, open: () => Promise.resolve(new TextEncoder().encode(text)) };
  }
  const path = text.slice(1);
  if (path === "-") {
    return { repeatable: false, open: () => Promise.resolve(Deno.stdin.readable) };
  }
  const { isFile, isDirectory, size } = await reading(path, () => Deno.stat(path));
  if (isDirectory) throw new FobError("io_failed", `Cannot read "${path}": it is a directory`);
  const open = async (): Promise<BodyInit> =>
    isFile && size <= sentAtOnce ? await Deno.readFile(path) : (await Deno.open(path)).readable;
  return { repeatable: isFile, open: () => reading(path, open) };
}

async function reading<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const why = cause instanceof Deno.errors.NotFound
      ? "file not found"
      : String(cause instanceof Error ? cause.message : cause);
    throw new FobError("io_failed", `Cannot read "${path}": ${why}`, { cause });
  }
}

async function write(bytes: Uint8Array): Promise<boolean> {
  try {
    for (let written = 0; written < bytes.length;) {
      written += await Deno.stdout.write(bytes.subarray(written));
    }
    return true;
  } catch (cause) {
    if (isUnread(cause)) return false;
    const why = String(cause instanceof Error ? cause.message : cause);
    throw new FobError("io_failed", `Cannot write to standard output: ${why}`, { cause });
  }
}

/** Windows has three errors for it, of which Deno knows one: `BROKEN_PIPE`, `NO_DATA`, `PIPE_NOT_CONNECTED`. */
function isUnread(error: unknown): boolean {
  return error instanceof Deno.errors.BrokenPipe ||
    Deno.build.os === "windows" && error instanceof Error &&
      /\(os error (109|232|233)\)$/.test(error.message);
}
