/**
 * Makes one correct or incorrect call of the libraries below the root in the first argument. The second
 * argument selects the call. Prints the result.
 */
import { readVariable } from "../../ffi/memory.ts";
import { frameworksUnder } from "./keychain_double.ts";

const paths = frameworksUnder(Deno.args[0] ?? "");
const { symbols: core } = Deno.dlopen(paths.coreFoundation, {
  CFStringCreateWithBytes: {
    parameters: ["pointer", "buffer", "i64", "u32", "u8"],
    result: "pointer",
  },
  CFStringGetLength: { parameters: ["pointer"], result: "i64" },
  CFDataCreate: { parameters: ["pointer", "buffer", "i64"], result: "pointer" },
  CFDataGetLength: { parameters: ["pointer"], result: "i64" },
  CFDictionaryCreateMutable: {
    parameters: ["pointer", "i64", "pointer", "pointer"],
    result: "pointer",
  },
  CFDictionarySetValue: { parameters: ["pointer", "pointer", "pointer"], result: "void" },
  CFStringGetTypeID: { parameters: [], result: "u64" },
  CFRelease: { parameters: ["pointer"], result: "void" },
  kCFBooleanTrue: { type: "pointer" },
  kCFTypeDictionaryKeyCallBacks: { type: "pointer" },
  kCFTypeDictionaryValueCallBacks: { type: "pointer" },
});
const { symbols: security } = Deno.dlopen(paths.security, {
  SecItemAdd: { parameters: ["pointer", "pointer"], result: "i32" },
  SecItemCopyMatching: { parameters: ["pointer", "buffer"], result: "i32" },
  SecItemUpdate: { parameters: ["pointer", "pointer"], result: "i32" },
  SecItemDelete: { parameters: ["pointer"], result: "i32" },
  SecKeychainSetUserInteractionAllowed: { parameters: ["u8"], result: "i32" },
  kSecClass: { type: "pointer" },
  kSecClassGenericPassword: { type: "pointer" },
  kSecAttrService: { type: "pointer" },
  kSecAttrAccount: { type: "pointer" },
  kSecValueData: { type: "pointer" },
  kSecReturnData: { type: "pointer" },
  kSecMatchLimit: { type: "pointer" },
  kSecMatchLimitAll: { type: "pointer" },
});

type Pointer = Deno.PointerValue;

function text(content: string): Pointer {
  const bytes = new TextEncoder().encode(content);
  return core.CFStringCreateWithBytes(null, bytes, BigInt(bytes.length), 0x08000100, 0);
}

function data(content: string): Pointer {
  const bytes = new TextEncoder().encode(content);
  return core.CFDataCreate(null, bytes, BigInt(bytes.length));
}

function emptyDictionary(): Pointer {
  const { kCFTypeDictionaryKeyCallBacks: keys, kCFTypeDictionaryValueCallBacks: values } = core;
  return core.CFDictionaryCreateMutable(null, 0n, keys, values);
}

/** Makes a dictionary that takes over the references of its values. */
function dictionary(...made: [Pointer, Pointer][]): Pointer {
  const result = emptyDictionary();
  const password = readVariable(security.kSecClassGenericPassword);
  core.CFDictionarySetValue(result, readVariable(security.kSecClass), password);
  for (const [key, value] of made) {
    core.CFDictionarySetValue(result, readVariable(key), value);
    core.CFRelease(value);
  }
  return result;
}

function item(account: string, service = "calls"): Pointer {
  return dictionary(
    [security.kSecAttrService, text(service)],
    [security.kSecAttrAccount, text(account)],
    [security.kSecValueData, data("secret")],
  );
}

/** Calls `use` with an object, and releases it. */
function using<T>(object: Pointer, use: (object: Pointer) => T): T {
  try {
    return use(object);
  } finally {
    core.CFRelease(object);
  }
}

function add(account: string, service?: string): number {
  return using(item(account, service), (it) => security.SecItemAdd(it, null));
}

function ask(query: Pointer): number {
  return using(query, (it) => security.SecItemCopyMatching(it, new BigUint64Array(1)));
}

const calls: Readonly<Record<string, () => unknown>> = {
  "all is well": () => add("a"),
  "type id": () => String(core.CFStringGetTypeID()),
  "duplicate": () => [add("a"), add("a")],
  "cut at NUL": () => [add("a\0b"), add("a")],
  "leak": () => void text("never given back"),
  "over-release": () => {
    const it = text("once");
    core.CFRelease(it);
    core.CFRelease(it);
  },
  "release of a constant": () => core.CFRelease(readVariable(security.kSecClass)),
  "release of NULL": () => core.CFRelease(null),
  "use after release": () => {
    const it = text("gone");
    core.CFRelease(it);
    return String(core.CFStringGetLength(it));
  },
  "wrong type": () => using(text("no data"), (it) => String(core.CFDataGetLength(it))),
  "wrong type in a dictionary": () =>
    ask(dictionary([security.kSecAttrAccount, data("no string")])),
  "null callbacks": () => {
    const keys = readVariable(core.kCFTypeDictionaryKeyCallBacks);
    const values = readVariable(core.kCFTypeDictionaryValueCallBacks);
    const broken = core.CFDictionaryCreateMutable(null, 0n, keys, values);
    using(
      text("a"),
      (it) => core.CFDictionarySetValue(broken, readVariable(security.kSecAttrAccount), it),
    );
    return ask(broken);
  },
  "constant that is no reference yet": () => {
    const it = emptyDictionary();
    core.CFDictionarySetValue(it, security.kSecClass, readVariable(core.kCFBooleanTrue));
    return ask(it);
  },
  "reference through a number": () => {
    const made = [text("a"), text("b")];
    const rounded = made.map((it) =>
      Deno.UnsafePointer.create(BigInt(Number(Deno.UnsafePointer.value(it))))
    );
    for (const it of rounded) core.CFRelease(it);
  },
  "unknown key": () =>
    using(text("own"), (key) =>
      using(dictionary(), (it) => {
        core.CFDictionarySetValue(it, key, readVariable(core.kCFBooleanTrue));
        return security.SecItemCopyMatching(it, new BigUint64Array(1));
      })),
  "data of all": () => {
    const query = dictionary();
    const all = readVariable(security.kSecMatchLimitAll);
    core.CFDictionarySetValue(query, readVariable(security.kSecMatchLimit), all);
    const yes = readVariable(core.kCFBooleanTrue);
    core.CFDictionarySetValue(query, readVariable(security.kSecReturnData), yes);
    return ask(query);
  },
  "empty account": () => add(""),
  "delete of the first": () => {
    const query = (): Pointer => dictionary([security.kSecAttrService, text("calls")]);
    const remove = (): number => using(query(), (it) => security.SecItemDelete(it));
    return [add("a"), add("b"), remove(), remove(), remove()];
  },
  "delete of all": () => {
    const query = (): Pointer => {
      const it = dictionary([security.kSecAttrService, text("calls")]);
      const all = readVariable(security.kSecMatchLimitAll);
      core.CFDictionarySetValue(it, readVariable(security.kSecMatchLimit), all);
      return it;
    };
    const remove = (): number => using(query(), (it) => security.SecItemDelete(it));
    return [add("a"), add("b"), remove(), remove()];
  },
  "add without a person": () => {
    security.SecKeychainSetUserInteractionAllowed(0);
    return add("a");
  },
  "interaction to and fro": () => {
    security.SecKeychainSetUserInteractionAllowed(0);
    security.SecKeychainSetUserInteractionAllowed(1);
  },
};

console.log(JSON.stringify(calls[Deno.args[1] ?? ""]?.()) ?? "null");
Deno.exit(0);
