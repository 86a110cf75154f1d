/** `text` in UTF-8 with the NUL that ends a C string. The caller keeps it until the call returns. */
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

  /** The pointer that the function wrote. */
  get value(): Deno.PointerValue {
    return Deno.UnsafePointer.create(this.buffer[0] ?? 0n);
  }
}

/** The pointer in the C variable at `address`. */
export function readVariable(address: Deno.PointerValue): Deno.PointerValue {
  return address === null ? null : new Deno.UnsafePointerView(address).getPointer(0);
}

/** `text` in UTF-16 with the NUL that ends a `LPCWSTR`. The caller keeps it until the call returns. */
export function wideString(text: string): Uint8Array<ArrayBuffer> {
  const units = new Uint16Array(text.length + 1);
  for (let index = 0; index < text.length; index++) units[index] = text.charCodeAt(index);
  return new Uint8Array(units.buffer);
}

/** Copies the NUL-terminated UTF-16 string at `pointer`. */
export function readWideString(pointer: Deno.PointerValue): string {
  if (pointer === null) return "";
  const view = new Deno.UnsafePointerView(pointer);
  let text = "";
  for (let unit = view.getUint16(0); unit !== 0; unit = view.getUint16(2 * text.length)) {
    text += String.fromCharCode(unit);
  }
  return text;
}
