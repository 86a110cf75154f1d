/** The bytes of `text` in UTF-8 with the NUL that ends a C string. The caller keeps them until the call is over. */
export function cString(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text + "\0");
}

/** Copies the C string at `pointer`. */
export function readCString(pointer: Deno.PointerValue): string {
  return pointer === null ? "" : new Deno.UnsafePointerView(pointer).getCString();
}

/** Room for one pointer that a C function writes to: its `T **` argument. */
export class OutPointer {
  readonly buffer: BigUint64Array<ArrayBuffer> = new BigUint64Array(1);

  /** What the function wrote. */
  get value(): Deno.PointerValue {
    return Deno.UnsafePointer.create(this.buffer[0] ?? 0n);
  }
}

/** The pointer that the C variable at `address` holds. */
export function readVariable(address: Deno.PointerValue): Deno.PointerValue {
  return address === null ? null : new Deno.UnsafePointerView(address).getPointer(0);
}
