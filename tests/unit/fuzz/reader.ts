/** A reader of foreign bytes. */
export interface Reader {
  readonly name: string;
  /** The folder of examples in `tests/fixtures/corpus`. */
  readonly corpus: string;
  /** Reads bytes, and asserts the invariants of the result. */
  readonly read: (bytes: Uint8Array<ArrayBuffer>) => unknown;
}

/** A reader of text. */
export function reader(name: string, corpus: string, read: (text: string) => unknown): Reader {
  return { name, corpus, read: (bytes) => read(new TextDecoder().decode(bytes)) };
}

/** A fake `fetch` that responds to every request with `bytes`. */
export function answering(bytes: Uint8Array<ArrayBuffer>, status = 200): () => Promise<Response> {
  const headers = { "content-type": "application/json" };
  return () => Promise.resolve(new Response(bytes, { status, headers }));
}
