/** The body of a request that is passed on, and may have to be sent again. */
export interface ForwardBody {
  /** What is sent first. */
  readonly sent: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array<ArrayBuffer>>;
  /** What is sent again; `undefined` where not all of it has been read yet, or kept. */
  again(): Uint8Array<ArrayBuffer> | undefined;
}

/** Bytes of a body that are kept, to send it again: no model's API takes more in one request. */
const keptLimit = 33_554_432;

/**
 * A body whose length is known to be within `limit` is read whole, so that it goes on with its length, which
 * some servers insist on. Anything else goes on as it comes, and is kept meanwhile as far as `limit`.
 */
export async function forwardBody(
  { body, headers }: Pick<Request, "body" | "headers">,
  limit = keptLimit,
): Promise<ForwardBody | undefined> {
  // Deno gives a body also where there is none (RFC 9112 section 6.3).
  const hasBody = headers.has("content-length") || headers.has("transfer-encoding");
  if (body === null || !hasBody) return undefined;
  const length = Number(headers.get("content-length") ?? Infinity);
  if (length > limit) return new PassingBody(body, limit);
  const bytes = await new Response(body).bytes();
  return { sent: bytes, again: () => bytes };
}

/** Goes on as it comes. */
class PassingBody implements ForwardBody {
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
