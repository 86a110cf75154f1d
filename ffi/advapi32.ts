import { OutPointer, readWideString, wideString } from "./memory.ts";

const symbols = {
  /** `BOOL CredReadW(LPCWSTR TargetName, DWORD Type, DWORD Flags, PCREDENTIALW *)`: one block, for `CredFree` */
  CredReadW: { parameters: ["buffer", "u32", "u32", "buffer"], result: "i32" },
  /** `BOOL CredWriteW(PCREDENTIALW, DWORD Flags)`: creates, or replaces the credential with the same target and type */
  CredWriteW: { parameters: ["buffer", "u32"], result: "i32" },
  /** `BOOL CredDeleteW(LPCWSTR TargetName, DWORD Type, DWORD Flags)` */
  CredDeleteW: { parameters: ["buffer", "u32", "u32"], result: "i32" },
  /**
   * `BOOL CredEnumerateW(LPCWSTR Filter, DWORD Flags, DWORD *Count, PCREDENTIALW **)`: an array of pointers in
   * one block, for `CredFree`. Only a `*` at the end of the filter is a wildcard.
   */
  CredEnumerateW: { parameters: ["buffer", "u32", "buffer", "buffer"], result: "i32" },
  /** `void CredFree(PVOID)` */
  CredFree: { parameters: ["pointer"], result: "void" },
  /** `BOOL CredGetSessionTypes(DWORD MaximumPersistCount, LPDWORD MaximumPersist)`: indexed by credential type */
  CredGetSessionTypes: { parameters: ["u32", "buffer"], result: "i32" },
} as const satisfies Deno.ForeignLibraryInterface;

const kernelSymbols = {
  /** `DWORD GetLastError(void)` */
  GetLastError: { parameters: [], result: "u32" },
  /**
   * `DWORD FormatMessageW(DWORD dwFlags, LPCVOID lpSource, DWORD dwMessageId, DWORD dwLanguageId, LPWSTR lpBuffer,
   * DWORD nSize, va_list *)`: the number of UTF-16 units written
   */
  FormatMessageW: {
    parameters: ["u32", "pointer", "u32", "u32", "buffer", "u32", "pointer"],
    result: "u32",
  },
} as const satisfies Deno.ForeignLibraryInterface;

/**
 * `CREDENTIALW` on 64-bit Windows, wincred.h; `tests/unit/ffi/advapi32_test.ts` checks it against the header.
 *
 * | offset | size | member               |                                            |
 * | ------ | ---- | -------------------- | ------------------------------------------ |
 * | 0      | 4    | `Flags`              | 0                                          |
 * | 4      | 4    | `Type`               | `CRED_TYPE_GENERIC`                        |
 * | 8      | 8    | `TargetName`         | UTF-16, NUL                                |
 * | 16     | 8    | `Comment`            | UTF-16, NUL                                |
 * | 24     | 8    | `LastWritten`        | `FILETIME`; Windows sets it                |
 * | 32     | 4    | `CredentialBlobSize` | bytes                                      |
 * | 40     | 8    | `CredentialBlob`     | bytes                                      |
 * | 48     | 4    | `Persist`            | `CRED_PERSIST_LOCAL_MACHINE`               |
 * | 52     | 4    | `AttributeCount`     | 0                                          |
 * | 56     | 8    | `Attributes`         | NULL                                       |
 * | 64     | 8    | `TargetAlias`        | NULL                                       |
 * | 72     | 8    | `UserName`           | UTF-16, NUL                                |
 */
export const credentialLayout = {
  Type: 4,
  TargetName: 8,
  Comment: 16,
  CredentialBlobSize: 32,
  CredentialBlob: 40,
  Persist: 48,
  UserName: 72,
} as const;
/** `sizeof(CREDENTIALW)`. */
export const credentialSize = 80;

/** wincred.h. `localMachine`: for this user on this computer, in later sessions too; does not roam. */
const generic = 1;
const localMachine = 2;
/** `CRED_TYPE_MAXIMUM`, wincred.h. */
const typeCount = 7;
/** `FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS`, winbase.h. */
const systemMessage = 0x1200;

/** A failed Windows call. `code` is from `GetLastError`, winerror.h; 0 if there is none. */
export class WindowsError extends Error {
  override readonly name = "WindowsError";
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** The members of a generic credential that fob uses. */
export interface Credential {
  /** The key, case insensitive. At most 32,767 UTF-16 units. */
  readonly target: string;
  /** For display. At most {@link maximumUserName} UTF-16 units. */
  readonly userName: string;
  /** At most {@link maximumBlob} bytes. */
  readonly blob: Uint8Array<ArrayBuffer>;
}

/** `CRED_MAX_CREDENTIAL_BLOB_SIZE`, wincred.h since Windows 7: 5 * 512 bytes. */
export const maximumBlob = 2560;

/** `CRED_MAX_USERNAME_LENGTH` and `CRED_MAX_STRING_LENGTH`, wincred.h, in UTF-16 units. */
export const [maximumUserName, maximumComment] = [513, 256];

/** The credential set of the logon session. Every method throws {@link WindowsError}. */
export interface CredentialSet {
  read(target: string): Credential;
  /** Writes `credential`, replacing any with its target. `comment` has at most {@link maximumComment} UTF-16 units. */
  write(credential: Credential, comment: string): void;
  delete(target: string): void;
  /** The generic credentials with a target that starts with `prefix`. */
  enumerate(prefix: string): Credential[];
  /** The maximum persistence of a generic credential, `CRED_PERSIST_...`: 0 none, 1 this session. */
  maximumPersistence(): number;
}

/**
 * The Credential Manager of Windows. Its calls are local and short. They block JavaScript's thread, because the
 * last error belongs to the thread: it is lost if the call runs on another thread, or if anything, such as opening
 * a library, happens before `GetLastError`.
 */
export class Advapi32 implements CredentialSet {
  readonly #kernel: Deno.DynamicLibrary<typeof kernelSymbols>;
  readonly #advapi: Deno.DynamicLibrary<typeof symbols>;

  /** Opens the libraries. Throws the error of `Deno.dlopen` if one is missing. */
  constructor() {
    this.#kernel = Deno.dlopen("kernel32.dll", kernelSymbols);
    this.#advapi = Deno.dlopen("advapi32.dll", symbols);
  }

  read(target: string): Credential {
    const [name, out] = [wideString(target), new OutPointer()];
    const done = this.#advapi.symbols.CredReadW(name, generic, 0, out.buffer);
    if (done === 0) throw this.#lastError();
    try {
      return takeCredential(out.value);
    } finally {
      this.#advapi.symbols.CredFree(out.value);
    }
  }

  write({ target, userName, blob }: Credential, comment: string): void {
    const struct = new DataView(new ArrayBuffer(credentialSize));
    const texts = { TargetName: target, Comment: comment, UserName: userName };
    // The struct has only the addresses: `kept` holds the bytes until the call returns.
    const kept: Uint8Array<ArrayBuffer>[] = [];
    const point = (offset: number, bytes: Uint8Array<ArrayBuffer>): void => {
      kept.push(bytes);
      const pointer = Deno.UnsafePointer.of(bytes);
      struct.setBigUint64(offset, Deno.UnsafePointer.value(pointer), true);
    };
    for (const [member, text] of Object.entries(texts)) {
      point(credentialLayout[member as keyof typeof texts], wideString(text));
    }
    point(credentialLayout.CredentialBlob, blob);
    struct.setUint32(credentialLayout.CredentialBlobSize, blob.length, true);
    struct.setUint32(credentialLayout.Type, generic, true);
    struct.setUint32(credentialLayout.Persist, localMachine, true);
    const done = this.#advapi.symbols.CredWriteW(struct, 0);
    if (done === 0) throw this.#lastError();
    kept.length = 0;
  }

  delete(target: string): void {
    const name = wideString(target);
    const done = this.#advapi.symbols.CredDeleteW(name, generic, 0);
    if (done === 0) throw this.#lastError();
  }

  enumerate(prefix: string): Credential[] {
    const filter = wideString(`${prefix}*`);
    const [count, out] = [new Uint32Array(1), new OutPointer()];
    const done = this.#advapi.symbols.CredEnumerateW(filter, 0, count, out.buffer);
    if (done === 0) throw this.#lastError();
    try {
      return takeCredentials(out.value, count[0] ?? 0);
    } finally {
      this.#advapi.symbols.CredFree(out.value);
    }
  }

  maximumPersistence(): number {
    const persistence = new Uint32Array(typeCount);
    const done = this.#advapi.symbols.CredGetSessionTypes(typeCount, persistence);
    if (done === 0) throw this.#lastError();
    return persistence[generic] ?? 0;
  }

  #lastError(): WindowsError {
    const code = this.#kernel.symbols.GetLastError();
    const text = new Uint16Array(512);
    const length = this.#kernel.symbols.FormatMessageW(
      systemMessage,
      null,
      code,
      0,
      text,
      text.length,
      null,
    );
    const message = String.fromCharCode(...text.subarray(0, length));
    return new WindowsError(code, message.replace(/[\p{Cc}\s]+/gu, " ").replace(/[. ]+$/, ""));
  }
}

function takeCredentials(array: Deno.PointerValue, count: number): Credential[] {
  if (array === null) return [];
  const view = new Deno.UnsafePointerView(array);
  const pointers = Array.from({ length: count }, (_, index) => view.getPointer(8 * index));
  return pointers.flatMap((pointer) => {
    const isGeneric = pointer !== null &&
      new Deno.UnsafePointerView(pointer).getUint32(credentialLayout.Type) === generic;
    return isGeneric ? [takeCredential(pointer)] : [];
  });
}

/** Copies the `CREDENTIALW` at `pointer`, and overwrites its secret with zeros. */
function takeCredential(pointer: Deno.PointerValue): Credential {
  if (pointer === null) throw new WindowsError(0, "CredReadW returned no credential");
  const view = new Deno.UnsafePointerView(pointer);
  const blob = new Uint8Array(view.getUint32(credentialLayout.CredentialBlobSize));
  const address = view.getPointer(credentialLayout.CredentialBlob);
  if (address !== null && blob.length > 0) {
    const native = new Uint8Array(Deno.UnsafePointerView.getArrayBuffer(address, blob.length));
    blob.set(native);
    native.fill(0);
  }
  return {
    target: readWideString(view.getPointer(credentialLayout.TargetName)),
    userName: readWideString(view.getPointer(credentialLayout.UserName)),
    blob,
  };
}
