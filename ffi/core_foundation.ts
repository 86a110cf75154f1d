import { readVariable } from "./memory.ts";

const symbols = {
  /** `CFStringRef CFStringCreateWithBytes(CFAllocatorRef, const UInt8 *, CFIndex, CFStringEncoding, Boolean isExternal)`: ours */
  CFStringCreateWithBytes: {
    parameters: ["pointer", "buffer", "i64", "u32", "u8"],
    result: "pointer",
  },
  /** `CFIndex CFStringGetLength(CFStringRef)`: in UTF-16 units */
  CFStringGetLength: { parameters: ["pointer"], result: "i64" },
  /** `Boolean CFStringGetCString(CFStringRef, char *, CFIndex size, CFStringEncoding)` */
  CFStringGetCString: { parameters: ["pointer", "buffer", "i64", "u32"], result: "u8" },
  /** `CFTypeID CFStringGetTypeID(void)`: differs between releases */
  CFStringGetTypeID: { parameters: [], result: "u64" },
  /** `CFDataRef CFDataCreate(CFAllocatorRef, const UInt8 *, CFIndex)`: ours */
  CFDataCreate: { parameters: ["pointer", "buffer", "i64"], result: "pointer" },
  /** `CFIndex CFDataGetLength(CFDataRef)` */
  CFDataGetLength: { parameters: ["pointer"], result: "i64" },
  /** `const UInt8 *CFDataGetBytePtr(CFDataRef)`: borrowed */
  CFDataGetBytePtr: { parameters: ["pointer"], result: "pointer" },
  /**
   * `CFMutableDictionaryRef CFDictionaryCreateMutable(CFAllocatorRef, CFIndex capacity,
   * const CFDictionaryKeyCallBacks *, const CFDictionaryValueCallBacks *)`: ours
   */
  CFDictionaryCreateMutable: {
    parameters: ["pointer", "i64", "pointer", "pointer"],
    result: "pointer",
  },
  /** `void CFDictionarySetValue(CFMutableDictionaryRef, const void *key, const void *value)`: retains both */
  CFDictionarySetValue: { parameters: ["pointer", "pointer", "pointer"], result: "void" },
  /** `const void *CFDictionaryGetValue(CFDictionaryRef, const void *key)`: borrowed */
  CFDictionaryGetValue: { parameters: ["pointer", "pointer"], result: "pointer" },
  /** `CFIndex CFArrayGetCount(CFArrayRef)` */
  CFArrayGetCount: { parameters: ["pointer"], result: "i64" },
  /** `const void *CFArrayGetValueAtIndex(CFArrayRef, CFIndex)`: borrowed */
  CFArrayGetValueAtIndex: { parameters: ["pointer", "i64"], result: "pointer" },
  /** `CFTypeID CFGetTypeID(CFTypeRef)` */
  CFGetTypeID: { parameters: ["pointer"], result: "u64" },
  /** `void CFRelease(CFTypeRef)`: not NULL */
  CFRelease: { parameters: ["pointer"], result: "void" },
  /** `const CFBooleanRef kCFBooleanTrue`: a variable */
  kCFBooleanTrue: { type: "pointer" },
  /** `const CFDictionaryKeyCallBacks kCFTypeDictionaryKeyCallBacks`: a structure, taken as an address */
  kCFTypeDictionaryKeyCallBacks: { type: "pointer" },
  /** `const CFDictionaryValueCallBacks kCFTypeDictionaryValueCallBacks`: a structure, taken as an address */
  kCFTypeDictionaryValueCallBacks: { type: "pointer" },
} as const satisfies Deno.ForeignLibraryInterface;

/** `kCFStringEncodingUTF8`, CFString.h. */
const utf8 = 0x08000100;

/** An object that is released on disposal. */
export interface Owned extends Disposable {
  readonly pointer: Deno.PointerObject;
}

/** A constant as key, and a string, bytes, or an object that the caller owns. */
export type DictionaryEntry = readonly [
  key: Deno.PointerValue,
  value: string | Uint8Array<ArrayBuffer> | Deno.PointerValue,
];

/** CoreFoundation strings, data, arrays and dictionaries. Reads return copies. */
export class CoreFoundation {
  readonly #library: Deno.DynamicLibrary<typeof symbols>;
  readonly true: Deno.PointerValue;

  /** Opens the library at `path`. Throws the error of `Deno.dlopen` if it is missing. */
  constructor(path: string) {
    this.#library = Deno.dlopen(path, symbols);
    this.true = readVariable(this.#library.symbols.kCFBooleanTrue);
  }

  /** Takes ownership of a reference from a function with Create or Copy in its name. */
  own(pointer: Deno.PointerValue): Owned {
    if (pointer === null) throw new Error("CoreFoundation returned no object");
    return { pointer, [Symbol.dispose]: () => this.#library.symbols.CFRelease(pointer) };
  }

  /** A dictionary that retains its values until it is disposed of. */
  dictionary(entries: readonly DictionaryEntry[]): Owned {
    const { symbols } = this.#library;
    const dictionary = this.own(symbols.CFDictionaryCreateMutable(
      null,
      0n,
      symbols.kCFTypeDictionaryKeyCallBacks,
      symbols.kCFTypeDictionaryValueCallBacks,
    ));
    for (const [key, value] of entries) {
      if (typeof value === "string" || value instanceof Uint8Array) {
        using made = this.#make(value);
        symbols.CFDictionarySetValue(dictionary.pointer, key, made.pointer);
      } else symbols.CFDictionarySetValue(dictionary.pointer, key, value);
    }
    return dictionary;
  }

  /** The string for `key` in a dictionary; `undefined` if the key is missing or its value is not a string. */
  stringIn(dictionary: Deno.PointerValue, key: Deno.PointerValue): string | undefined {
    const { symbols } = this.#library;
    const value = symbols.CFDictionaryGetValue(dictionary, key);
    if (value === null || symbols.CFGetTypeID(value) !== symbols.CFStringGetTypeID()) {
      return undefined;
    }
    return this.readString(value);
  }

  /** A copy of a `CFString` up to its first NUL. */
  readString(string: Deno.PointerValue): string {
    const { symbols } = this.#library;
    // A UTF-16 unit is three bytes of UTF-8 at most.
    const buffer = new Uint8Array(3 * Number(symbols.CFStringGetLength(string)) + 1);
    const size = BigInt(buffer.length);
    if (symbols.CFStringGetCString(string, buffer, size, utf8) === 0) return "";
    return new TextDecoder().decode(buffer.subarray(0, buffer.indexOf(0)));
  }

  /** A copy of the bytes of a `CFData`. */
  readData(data: Deno.PointerValue): Uint8Array<ArrayBuffer> {
    const { symbols } = this.#library;
    const copy = new Uint8Array(Number(symbols.CFDataGetLength(data)));
    const bytes = symbols.CFDataGetBytePtr(data);
    if (bytes !== null && copy.length > 0) new Deno.UnsafePointerView(bytes).copyInto(copy);
    return copy;
  }

  /** The results of `read` for each object in a `CFArray`, which still owns them. */
  mapArray<T>(array: Deno.PointerValue, read: (object: Deno.PointerValue) => T): T[] {
    const { symbols } = this.#library;
    const length = Number(symbols.CFArrayGetCount(array));
    return Array.from(
      { length },
      (_, index) => read(symbols.CFArrayGetValueAtIndex(array, BigInt(index))),
    );
  }

  #make(value: string | Uint8Array<ArrayBuffer>): Owned {
    const { symbols } = this.#library;
    if (typeof value !== "string") {
      return this.own(symbols.CFDataCreate(null, value, BigInt(value.length)));
    }
    const bytes = new TextEncoder().encode(value);
    const length = BigInt(bytes.length);
    return this.own(symbols.CFStringCreateWithBytes(null, bytes, length, utf8, 0));
  }
}
