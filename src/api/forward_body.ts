/** The body of a forwarded request, which may be sent a second time. */
export interface ForwardBody {
  /** The body of the first attempt. */
  readonly sent: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array<ArrayBuffer>>;
  /** The body of the second attempt; `undefined` if it was not read or not kept completely. */
  again(): Uint8Array<ArrayBuffer> | undefined;
}

/** The most bytes of a body that are kept for a second attempt. No model API accepts more in one request. */
const keptLimit = 33_554_432;

/**
 * Reads a body with a known length of at most `limit` bytes completely, so that it is forwarded with a
 * `Content-Length`, which some servers require. Streams any other body, and keeps up to `limit` bytes of it.
 */
export async function forwardBody(
  { body, headers }: Pick<Request, "body" | "headers">,
  limit = keptLimit,
): Promise<ForwardBody | undefined> {
  // Deno sets `body` also for a request without one (RFC 9112 section 6.3).
  const hasBody = headers.has("content-length") || headers.has("transfer-encoding");
  if (body === null || !hasBody) return undefined;
  const length = Number(headers.get("content-length") ?? Infinity);
  if (length > limit) return new StreamedBody(body, limit);
  const bytes = await new Response(body).bytes();
  return { sent: bytes, again: () => bytes };
}

/** A body that is streamed, and kept up to a limit. */
class StreamedBody implements ForwardBody {
  readonly sent: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly #limit: number;
  #kept: Uint8Array<ArrayBuffer>[] = [];
  #size = 0;
  #isWhole = false;

  constructor(body: ReadableStream<Uint8Array<ArrayBuffer>>, limit: number) {
    this.#limit = limit;
    this.sent = body.pipeThrough(
      new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
        transform: (chunk, controller): void => {
          this.#keep(chunk);
          controller.enqueue(chunk);
        },
        flush: (): void => void (this.#isWhole = this.#size <= this.#limit),
      }),
    );
  }

  again(): Uint8Array<ArrayBuffer> | undefined {
    if (!this.#isWhole) return undefined;
    const bytes = new Uint8Array(this.#size);
    let end = 0;
    for (const chunk of this.#kept) {
      bytes.set(chunk, end);
      end += chunk.length;
    }
    return bytes;
  }

  #keep(chunk: Uint8Array<ArrayBuffer>): void {
    this.#size += chunk.length;
    if (this.#size <= this.#limit) this.#kept.push(chunk.slice());
    else this.#kept = [];
  }
}
