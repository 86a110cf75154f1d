import { CoreFoundation, type DictionaryEntry, type Owned } from "./core_foundation.ts";
import { type FrameworkPaths, frameworks } from "./frameworks.ts";
import { OutPointer, readVariable } from "./memory.ts";

const symbols = {
  /** `OSStatus SecItemAdd(CFDictionaryRef attributes, CFTypeRef *result)` */
  SecItemAdd: { parameters: ["pointer", "pointer"], result: "i32", nonblocking: true },
  /** `OSStatus SecItemCopyMatching(CFDictionaryRef query, CFTypeRef *result)`: the result is ours */
  SecItemCopyMatching: { parameters: ["pointer", "buffer"], result: "i32", nonblocking: true },
  /** `OSStatus SecItemUpdate(CFDictionaryRef query, CFDictionaryRef attributesToUpdate)` */
  SecItemUpdate: { parameters: ["pointer", "pointer"], result: "i32", nonblocking: true },
  /** `OSStatus SecItemDelete(CFDictionaryRef query)` */
  SecItemDelete: { parameters: ["pointer"], result: "i32", nonblocking: true },
  /** `CFStringRef SecCopyErrorMessageString(OSStatus, void *reserved)`: ours; may be NULL */
  SecCopyErrorMessageString: { parameters: ["i32", "pointer"], result: "pointer" },
  /** `OSStatus SecKeychainSetUserInteractionAllowed(Boolean)`: of this process; deprecated */
  SecKeychainSetUserInteractionAllowed: { parameters: ["u8"], result: "i32", optional: true },
  /** `OSStatus SecKeychainCopyDefault(SecKeychainRef *)`: ours; deprecated */
  SecKeychainCopyDefault: {
    parameters: ["buffer"],
    result: "i32",
    nonblocking: true,
    optional: true,
  },
  /** `OSStatus SecKeychainGetStatus(SecKeychainRef, SecKeychainStatus *)`; deprecated */
  SecKeychainGetStatus: {
    parameters: ["pointer", "buffer"],
    result: "i32",
    nonblocking: true,
    optional: true,
  },
  /** `OSStatus SessionGetInfo(SecuritySessionId, SecuritySessionId *, SessionAttributeBits *)`; deprecated */
  SessionGetInfo: {
    parameters: ["u32", "buffer", "buffer"],
    result: "i32",
    nonblocking: true,
    optional: true,
  },
  // Addresses of optional symbols: Deno returns a function even for a missing symbol if it is `nonblocking`.
  addressOfCopyDefault: { name: "SecKeychainCopyDefault", type: "pointer", optional: true },
  addressOfGetStatus: { name: "SecKeychainGetStatus", type: "pointer", optional: true },
  addressOfGetInfo: { name: "SessionGetInfo", type: "pointer", optional: true },
  // `const CFStringRef`, SecItem.h: variables.
  kSecClass: { type: "pointer" },
  kSecClassGenericPassword: { type: "pointer" },
  kSecAttrService: { type: "pointer" },
  kSecAttrAccount: { type: "pointer" },
  kSecAttrLabel: { type: "pointer" },
  kSecAttrComment: { type: "pointer" },
  kSecValueData: { type: "pointer" },
  kSecReturnData: { type: "pointer" },
  kSecReturnAttributes: { type: "pointer" },
  kSecMatchLimit: { type: "pointer" },
  kSecMatchLimitOne: { type: "pointer" },
  kSecMatchLimitAll: { type: "pointer" },
} as const satisfies Deno.ForeignLibraryInterface;

type Constant = Extract<keyof typeof symbols, `k${string}`>;

/** `errSecSuccess`, `errSecDuplicateItem` and `errSecItemNotFound`, SecBase.h: results, not errors. */
const [success, duplicate, notFound] = [0, -25299, -25300];
/** `kSecUnlockStateStatus`, SecKeychain.h. */
const unlockState = 1;
/** `callerSecuritySession` and `sessionHasGraphicAccess`, AuthSession.h. */
const [callerSession, hasGraphics] = [0xffffffff, 0x10];

/** An error status of Security, with the system's localized message. */
export class SecurityError extends Error {
  override readonly name = "SecurityError";
  /** `OSStatus`, SecBase.h. */
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** The key of a generic password. Empty strings would match any item, and a NUL would truncate: use neither. */
export interface PasswordKey {
  readonly service: string;
  readonly account: string;
}

/** The texts that Keychain Access shows for a password. */
export interface PasswordDescription {
  readonly label: string;
  readonly comment: string;
}

/**
 * Generic passwords in the file-based keychain, SecItem.h, and the keychain's state, SecKeychain.h.
 *
 * Calls run on other threads and may wait for a dialog without a limit: set a limit for each call, and end the
 * process explicitly after abandoning one. Every method throws `SecurityError`.
 */
export class Security {
  readonly #security: Deno.DynamicLibrary<typeof symbols>;
  readonly #core: CoreFoundation;

  /** Opens the libraries. Throws the error of `Deno.dlopen` if one is missing. */
  constructor(paths: FrameworkPaths = frameworks) {
    this.#core = new CoreFoundation(paths.coreFoundation);
    this.#security = Deno.dlopen(paths.security, symbols);
  }

  /** Adds a password that only this program may read without a dialog. `false`: the key exists. */
  async add(
    key: PasswordKey,
    description: PasswordDescription,
    bytes: Uint8Array<ArrayBuffer>,
  ): Promise<boolean> {
    using attributes = this.#core.dictionary([
      ...this.#identify(key),
      ...this.#describe(description),
      [this.#constant("kSecValueData"), bytes],
    ]);
    const status = await this.#security.symbols.SecItemAdd(attributes.pointer, null);
    return this.#check(status, duplicate);
  }

  /** The password; `undefined` if not found. */
  async find(key: PasswordKey): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const found = await this.#copyMatching([
      ...this.#identify(key),
      [this.#constant("kSecReturnData"), this.#core.true],
      [this.#constant("kSecMatchLimit"), this.#constant("kSecMatchLimitOne")],
    ]);
    if (!found.any) return undefined;
    if (found.result === null) return new Uint8Array();
    using data = this.#core.own(found.result);
    return this.#core.readData(data.pointer);
  }

  /** The account and comment of each password of `of`, without the passwords themselves. */
  async list(of: Partial<PasswordKey>): Promise<{ account: string; comment: string }[]> {
    const found = await this.#copyMatching([
      ...this.#identify(of),
      [this.#constant("kSecReturnAttributes"), this.#core.true],
      [this.#constant("kSecMatchLimit"), this.#constant("kSecMatchLimitAll")],
    ]);
    if (!found.any || found.result === null) return [];
    using array = this.#core.own(found.result);
    return this.#core.mapArray(array.pointer, (attributes) => ({
      account: this.#core.stringIn(attributes, this.#constant("kSecAttrAccount")) ?? "",
      comment: this.#core.stringIn(attributes, this.#constant("kSecAttrComment")) ?? "",
    }));
  }

  /** Replaces the password with `bytes`, atomically. `false`: not found. */
  async update(key: PasswordKey, bytes: Uint8Array<ArrayBuffer>): Promise<boolean> {
    using query = this.#core.dictionary(this.#identify(key));
    using changes = this.#core.dictionary([[this.#constant("kSecValueData"), bytes]]);
    const { SecItemUpdate } = this.#security.symbols;
    return this.#check(await SecItemUpdate(query.pointer, changes.pointer), notFound);
  }

  /** Removes the password from every keychain in the search list. `false`: not found. */
  async delete(key: PasswordKey): Promise<boolean> {
    using query = this.#core.dictionary([
      ...this.#identify(key),
      [this.#constant("kSecMatchLimit"), this.#constant("kSecMatchLimitAll")],
    ]);
    return this.#check(await this.#security.symbols.SecItemDelete(query.pointer), notFound);
  }

  /**
   * Whether the default keychain is unlocked. Shows no dialog. `true` if the system does not support the call. Of
   * the other status bits, one is always set and one has the same meaning.
   */
  async isUnlocked(): Promise<boolean> {
    const { symbols } = this.#security;
    const copyDefault = symbols.addressOfCopyDefault && symbols.SecKeychainCopyDefault;
    const getStatus = symbols.addressOfGetStatus && symbols.SecKeychainGetStatus;
    if (copyDefault === null || getStatus === null) return true;
    const out = new OutPointer();
    this.#check(await copyDefault(out.buffer));
    using keychain = this.#core.own(out.value);
    const bits = new Uint32Array(1);
    this.#check(await getStatus(keychain.pointer, bits));
    return ((bits[0] ?? 0) & unlockState) !== 0;
  }

  /** Whether this process belongs to a graphical session, in which a dialog can appear. */
  async hasGraphicAccess(): Promise<boolean> {
    const { symbols } = this.#security;
    const getInfo = symbols.addressOfGetInfo && symbols.SessionGetInfo;
    if (getInfo === null) return false;
    const [id, bits] = [new Uint32Array(1), new Uint32Array(1)];
    const status = await getInfo(callerSession, id, bits);
    return status === success && ((bits[0] ?? 0) & hasGraphics) !== 0;
  }

  /** Makes every call of this process fail that would show a dialog. */
  forbidInteraction(): void {
    const { SecKeychainSetUserInteractionAllowed } = this.#security.symbols;
    this.#check(SecKeychainSetUserInteractionAllowed?.(0) ?? success);
  }

  /** Owns the query until the call returns, so that its memory outlives the wait. */
  async #copyMatching(
    query: readonly DictionaryEntry[],
  ): Promise<{ any: boolean; result: Deno.PointerValue }> {
    using dictionary: Owned = this.#core.dictionary(query);
    const out = new OutPointer();
    const { SecItemCopyMatching } = this.#security.symbols;
    const any = this.#check(await SecItemCopyMatching(dictionary.pointer, out.buffer), notFound);
    return { any, result: out.value };
  }

  #identify({ service, account }: Partial<PasswordKey>): DictionaryEntry[] {
    return [
      [this.#constant("kSecClass"), this.#constant("kSecClassGenericPassword")],
      ...(service === undefined ? [] : [[this.#constant("kSecAttrService"), service] as const]),
      ...(account === undefined ? [] : [[this.#constant("kSecAttrAccount"), account] as const]),
    ];
  }

  #describe({ label, comment }: PasswordDescription): DictionaryEntry[] {
    return [
      [this.#constant("kSecAttrLabel"), label],
      [this.#constant("kSecAttrComment"), comment],
    ];
  }

  #constant(name: Constant): Deno.PointerValue {
    return readVariable(this.#security.symbols[name]);
  }

  /** `true` for success, `false` for the status `answer`. Throws for any other status. */
  #check(status: number, answer?: number): boolean {
    if (status === success) return true;
    if (status === answer) return false;
    const text = this.#security.symbols.SecCopyErrorMessageString(status, null);
    if (text === null) throw new SecurityError(status, "no message");
    using message = this.#core.own(text);
    throw new SecurityError(status, this.#core.readString(message.pointer));
  }
}
