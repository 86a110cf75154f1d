/** A reader of bytes that somebody else wrote. */
export interface Reader {
  readonly name: string;
  /** The folder of examples in `tests/fixtures/corpus`. */
  readonly corpus: string;
  /** Reads, and checks what has to be true of anything that is read. */
  readonly read: (bytes: Uint8Array<ArrayBuffer>) => unknown;
}

/** A reader of text. */
export function reader(name: string, corpus: string, read: (text: string) => unknown): Reader {
  return { name, corpus, read: (bytes) => read(new TextDecoder().decode(bytes)) };
}

/** A server that answers everything with `bytes`. */
export function answering(bytes: Uint8Array<ArrayBuffer>, status = 200): () => Promise<Response> {
  const headers = { "content-type": "application/json" };
  return () => Promise.resolve(new Response(bytes, { status, headers }));
}
