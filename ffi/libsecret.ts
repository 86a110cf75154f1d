import { type Functions, openFunctions } from "./functions.ts";
import { type GError, Glib } from "./glib.ts";
import { cString, OutPointer } from "./memory.ts";

const library = "libsecret-1.so.0";

const symbols = {
  /** `SecretService *secret_service_get_sync(SecretServiceFlags, GCancellable *, GError **)`: one reference is ours */
  secret_service_get_sync: {
    parameters: ["i32", "pointer", "buffer"],
    result: "pointer",
    nonblocking: true,
  },
  /**
   * `GList *secret_service_search_sync(SecretService *, const SecretSchema *, GHashTable *attributes,
   * SecretSearchFlags, GCancellable *, GError **)`: the list and its items are ours
   */
  secret_service_search_sync: {
    parameters: ["pointer", "pointer", "pointer", "i32", "pointer", "buffer"],
    result: "pointer",
    nonblocking: true,
  },
  /**
   * `gboolean secret_service_store_sync(SecretService *, const SecretSchema *, GHashTable *attributes,
   * const gchar *collection, const gchar *label, SecretValue *, GCancellable *, GError **)`
   */
  secret_service_store_sync: {
    parameters: [
      "pointer",
      "pointer",
      "pointer",
      "buffer",
      "buffer",
      "pointer",
      "pointer",
      "buffer",
    ],
    result: "i32",
    nonblocking: true,
  },
  /** `gboolean secret_service_clear_sync(SecretService *, const SecretSchema *, GHashTable *, GCancellable *, GError **)` */
  secret_service_clear_sync: {
    parameters: ["pointer", "pointer", "pointer", "pointer", "buffer"],
    result: "i32",
    nonblocking: true,
  },
  /** `gint secret_service_unlock_sync(SecretService *, GList *objects, GCancellable *, GList **unlocked, GError **)` */
  secret_service_unlock_sync: {
    parameters: ["pointer", "pointer", "pointer", "buffer", "buffer"],
    result: "i32",
    nonblocking: true,
  },
  /**
   * `SecretCollection *secret_collection_for_alias_sync(SecretService *, const gchar *alias, SecretCollectionFlags,
   * GCancellable *, GError **)`: one reference is ours; the service must not be NULL
   */
  secret_collection_for_alias_sync: {
    parameters: ["pointer", "buffer", "i32", "pointer", "buffer"],
    result: "pointer",
    nonblocking: true,
  },
  /** `gboolean secret_collection_get_locked(SecretCollection *)` */
  secret_collection_get_locked: { parameters: ["pointer"], result: "i32" },
  /** `gboolean secret_item_get_locked(SecretItem *)` */
  secret_item_get_locked: { parameters: ["pointer"], result: "i32" },
  /** `SecretValue *secret_item_get_secret(SecretItem *)`: one reference is ours; NULL if it was not loaded */
  secret_item_get_secret: { parameters: ["pointer"], result: "pointer" },
  /** `GHashTable *secret_item_get_attributes(SecretItem *)`: one reference is ours */
  secret_item_get_attributes: { parameters: ["pointer"], result: "pointer" },
  /** `SecretValue *secret_value_new(const gchar *secret, gssize length, const gchar *content_type)`: copies */
  secret_value_new: { parameters: ["buffer", "isize", "buffer"], result: "pointer" },
  /** `const gchar *secret_value_get(SecretValue *, gsize *length)`: borrowed */
  secret_value_get: { parameters: ["pointer", "buffer"], result: "pointer" },
  /** `void secret_value_unref(gpointer)`: wipes the last one */
  secret_value_unref: { parameters: ["pointer"], result: "void" },
} as const satisfies Deno.ForeignLibraryInterface;

/** `SecretSearchFlags`, libsecret/secret-service.h. UNLOCK (4) is not used: it returns no result for a locked item. */
const search = { all: 2, loadSecrets: 8 } as const;

/** `SecretServiceFlags`, libsecret/secret-service.h: OPEN_SESSION. */
const openSession = 2;

/** Attributes that an item is found by. */
export type Attributes = Readonly<Record<string, string>>;

/** The result of a search. A locked item is reported without its secret. */
export type FoundItem = { readonly locked: true } | {
  readonly locked: false;
  readonly secret: Uint8Array;
};

/**
 * The Secret Service through libsecret. Uses the attribute `xdg:schema` instead of a schema. Every call runs on
 * another thread and does not time out: the caller sets a limit, and must end the process explicitly after it
 * has abandoned a call. Every method throws `GError`.
 */
export class Libsecret {
  readonly #secret: Functions<typeof symbols>;
  readonly #glib: Glib;
  #connected: Promise<void> | undefined;

  /** Opens the library. Throws the error of `Deno.dlopen` if it is not installed. */
  constructor(glib: Glib) {
    this.#secret = openFunctions(library, symbols);
    this.#glib = glib;
  }

  /**
   * Starts to connect to the service and to negotiate the session keys, which take most of the time of the first
   * call. libsecret shares the connection and the session, so a search waits for them and repeats their error. Shows
   * no prompt.
   */
  connect(): void {
    const error = new OutPointer();
    const call = this.#secret.secret_service_get_sync(openSession, null, error.buffer);
    this.#connected = call.then(() => void this.#glib.takeError(error));
  }

  /** The items with `attributes`, unlocked ones first. Does not unlock items. */
  async find(attributes: Attributes): Promise<FoundItem[]> {
    const items = await this.#search(attributes, search.all | search.loadSecrets);
    return this.#glib.takeObjects(items, (item): FoundItem => {
      if (this.#secret.secret_item_get_locked(item) !== 0) return { locked: true };
      const value = this.#secret.secret_item_get_secret(item);
      return value === null ? { locked: true } : { locked: false, secret: this.#takeValue(value) };
    });
  }

  /** The value of `attribute` of each item with `attributes`, locked or not. */
  async listAttribute(attributes: Attributes, attribute: string): Promise<string[]> {
    const items = await this.#search(attributes, search.all);
    const values = this.#glib.takeObjects(
      items,
      (item) => this.#glib.takeFromTable(this.#secret.secret_item_get_attributes(item), attribute),
    );
    return values.filter((value) => value !== undefined);
  }

  /** Stores `text` in the default collection, replacing an item with the same attributes. `false`: the user refused. */
  async store(attributes: Attributes, label: string, text: string): Promise<boolean> {
    using table = this.#glib.stringTable(attributes);
    const bytes = new TextEncoder().encode(text);
    const value = this.#secret.secret_value_new(bytes, BigInt(bytes.length), cString("text/plain"));
    const error = new OutPointer();
    try {
      const stored = await this.#secret.secret_service_store_sync(
        null,
        null,
        table.pointer,
        cString("default"),
        cString(label),
        value,
        null,
        error.buffer,
      );
      this.#throwIf(error);
      return stored !== 0;
    } finally {
      this.#secret.secret_value_unref(value);
    }
  }

  /** Removes the unlocked items with `attributes`. `false`: no unlocked item matched. */
  async clear(attributes: Attributes): Promise<boolean> {
    using table = this.#glib.stringTable(attributes);
    const error = new OutPointer();
    const cleared = await this.#secret.secret_service_clear_sync(
      null,
      null,
      table.pointer,
      null,
      error.buffer,
    );
    this.#throwIf(error);
    return cleared !== 0;
  }

  /** The state of the default collection. `absent`: no collection has the alias. */
  async defaultCollection(): Promise<"unlocked" | "locked" | "absent"> {
    const isLocked = await this.#withDefaultCollection((_service, collection) =>
      Promise.resolve(this.#secret.secret_collection_get_locked(collection) !== 0)
    );
    if (isLocked === undefined) return "absent";
    return isLocked ? "locked" : "unlocked";
  }

  /** Prompts the user to unlock the default collection, without a time limit. `false`: refused, or no such collection. */
  async unlockDefaultCollection(): Promise<boolean> {
    const unlocked = await this.#withDefaultCollection(async (service, collection) => {
      using objects = this.#glib.listOf(collection);
      const [done, error] = [new OutPointer(), new OutPointer()];
      const count = await this.#secret.secret_service_unlock_sync(
        service,
        objects.pointer,
        null,
        done.buffer,
        error.buffer,
      );
      this.#throwIf(error);
      this.#glib.dropObjects(done.value);
      return count > 0;
    });
    return unlocked ?? false;
  }

  async #withDefaultCollection<T>(
    use: (service: Deno.PointerValue, collection: Deno.PointerValue) => Promise<T>,
  ): Promise<T | undefined> {
    const error = new OutPointer();
    const service = await this.#secret.secret_service_get_sync(0, null, error.buffer);
    this.#throwIf(error);
    let collection: Deno.PointerValue = null;
    try {
      collection = await this.#secret.secret_collection_for_alias_sync(
        service,
        cString("default"),
        0,
        null,
        error.buffer,
      );
      this.#throwIf(error);
      return collection === null ? undefined : await use(service, collection);
    } finally {
      this.#glib.unref(collection);
      this.#glib.unref(service);
    }
  }

  async #search(attributes: Attributes, flags: number): Promise<Deno.PointerValue> {
    using table = this.#glib.stringTable(attributes);
    const error = new OutPointer();
    await this.#connected;
    const items = await this.#secret.secret_service_search_sync(
      null,
      null,
      table.pointer,
      flags,
      null,
      error.buffer,
    );
    this.#throwIf(error);
    return items;
  }

  /** Copies the bytes of a `SecretValue` and frees it. */
  #takeValue(value: Deno.PointerValue): Uint8Array {
    const length = new BigUint64Array(1);
    const bytes = this.#secret.secret_value_get(value, length);
    const copy = new Uint8Array(Number(length[0]));
    if (bytes !== null && copy.length > 0) new Deno.UnsafePointerView(bytes).copyInto(copy);
    this.#secret.secret_value_unref(value);
    return copy;
  }

  #throwIf(out: OutPointer): void {
    const error: GError | undefined = this.#glib.takeError(out);
    if (error !== undefined) throw error;
  }
}

/** The libraries for access to the Secret Service. */
export interface KeyringLibraries {
  readonly glib: Glib;
  readonly libsecret: Libsecret;
}

/** Opens the libraries. Throws the error of `Deno.dlopen` if one is not installed. */
export function openLibraries(): KeyringLibraries {
  const glib = new Glib();
  return { glib, libsecret: new Libsecret(glib) };
}
