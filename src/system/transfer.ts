import { FobError } from "../errors.ts";
import { present } from "../present.ts";

/** A response with a streamed body. A `Response` is one. */
export type Received = Pick<Response, "status" | "statusText" | "headers" | "body">;

/** A request with an optional body. */
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

/** The network and the standard streams, for bytes that are streamed. */
export interface Transfer {
  readonly fetch: StreamingFetch;
  /**
   * The body for `text`: `@FILE` is the content of a file, `@-` standard input, anything else is literal.
   *
   * @throws {FobError} `io_failed` if the file cannot be read.
   */
  body(text: string): Promise<RequestBody>;
  /**
   * Writes to standard output. Resolves to `false` if the reader has closed the pipe.
   *
   * @throws {FobError} `io_failed`, for example for a full disk.
   */
  write(bytes: Uint8Array): Promise<boolean>;
}

export interface TransferNeeds {
  readonly fetch: (url: URL, init: RequestInit) => Promise<Response>;
  /** The version of fob, for the `User-Agent`. */
  readonly version: string;
  /** Makes the error for a network failure. */
  readonly unreachable: (error: unknown, origin: string) => FobError;
}

/**
 * Maximum size in bytes of a file that is sent at once, with `Content-Length`, which some servers require. Deno
 * sends a stream without it.
 */
const sentAtOnce = 8_388_608;

export function transfer(needs: TransferNeeds): Transfer {
  return { fetch: (url, request) => exchange(url, request, needs), body: readBody, write };
}

/** Requests no compression: Deno would decompress the body but keep the headers of the compressed one. */
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

/** `stream` with its errors converted by `fault`. Unlike a generator, it can be cancelled while a read is pending. */
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

/** Whether the pipe is closed. Windows has three errors for it: `BROKEN_PIPE`, `NO_DATA`, `PIPE_NOT_CONNECTED`. */
function isUnread(error: unknown): boolean {
  return error instanceof Deno.errors.BrokenPipe ||
    Deno.build.os === "windows" && error instanceof Error &&
      /\(os error (109|232|233)\)$/.test(error.message);
}
