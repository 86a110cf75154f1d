import { type Functions, openFunctions } from "./functions.ts";
import { cString, type OutPointer, readCString } from "./memory.ts";

const library = "libglib-2.0.so.0";

const glibSymbols = {
  /** `GHashTable *g_hash_table_new(GHashFunc hash_func, GEqualFunc key_equal_func)`: owns neither keys nor values */
  g_hash_table_new: { parameters: ["pointer", "pointer"], result: "pointer" },
  /** `gboolean g_hash_table_insert(GHashTable *, gpointer key, gpointer value)` */
  g_hash_table_insert: { parameters: ["pointer", "buffer", "buffer"], result: "i32" },
  /** `gpointer g_hash_table_lookup(GHashTable *, gconstpointer key)`: borrowed */
  g_hash_table_lookup: { parameters: ["pointer", "buffer"], result: "pointer" },
  /** `void g_hash_table_unref(GHashTable *)` */
  g_hash_table_unref: { parameters: ["pointer"], result: "void" },
  /** `const gchar *g_quark_to_string(GQuark)`: static */
  g_quark_to_string: { parameters: ["u32"], result: "pointer" },
  /** `void g_error_free(GError *)` */
  g_error_free: { parameters: ["pointer"], result: "void" },
  /** `GList *g_list_append(GList *, gpointer)`: the new head */
  g_list_append: { parameters: ["pointer", "pointer"], result: "pointer" },
  /** `void g_list_free(GList *)`: the cells, not what they hold */
  g_list_free: { parameters: ["pointer"], result: "void" },
} as const satisfies Deno.ForeignLibraryInterface;

/** Functions that are passed to GLib by address. */
const addresses = {
  /** `guint g_str_hash(gconstpointer)` */
  g_str_hash: { type: "pointer" },
  /** `gboolean g_str_equal(gconstpointer, gconstpointer)` */
  g_str_equal: { type: "pointer" },
} as const satisfies Deno.ForeignLibraryInterface;

const gobjectSymbols = {
  /** `void g_object_unref(gpointer)` */
  g_object_unref: { parameters: ["pointer"], result: "void" },
} as const satisfies Deno.ForeignLibraryInterface;

/**
 * An error of a GLib library. Domain and code identify it; the message is localized, for display only.
 */
export class GError extends Error {
  override readonly name = "GError";
  readonly domain: string;
  readonly code: number;

  constructor(domain: string, code: number, message: string) {
    super(message);
    this.domain = domain;
    this.code = code;
  }
}

/** GLib and GObject: tables, lists, errors and references. */
export class Glib {
  readonly #glib: Functions<typeof glibSymbols>;
  readonly #addresses: Deno.StaticForeignLibraryInterface<typeof addresses>;
  readonly #gobject: Functions<typeof gobjectSymbols>;

  /** Opens the libraries. Throws the error of `Deno.dlopen` if one is not installed. */
  constructor() {
    this.#glib = openFunctions(library, glibSymbols);
    this.#addresses = Deno.dlopen(library, addresses).symbols;
    this.#gobject = openFunctions("libgobject-2.0.so.0", gobjectSymbols);
  }

  /** A `GHashTable` of strings in JavaScript's memory: keep it until the call returns, then dispose of it. */
  stringTable(entries: Readonly<Record<string, string>>): StringTable {
    const { g_str_hash, g_str_equal } = this.#addresses;
    const table = this.#glib.g_hash_table_new(g_str_hash, g_str_equal);
    const strings = Object.entries(entries).map(([key, value]) =>
      [cString(key), cString(value)] as const
    );
    for (const [key, value] of strings) this.#glib.g_hash_table_insert(table, key, value);
    return {
      pointer: table,
      strings,
      [Symbol.dispose]: () => this.#glib.g_hash_table_unref(table),
    };
  }

  /** The string for `key` in `table`; frees the table. */
  takeFromTable(table: Deno.PointerValue, key: string): string | undefined {
    const value = this.#glib.g_hash_table_lookup(table, cString(key));
    const text = value === null ? undefined : readCString(value);
    this.#glib.g_hash_table_unref(table);
    return text;
  }

  /**
   * The results of `read` for each object of a `GList`; frees the list and its objects.
   *
   * `GList`, 64 bits: `data` at 0, `next` at 8, `prev` at 16.
   */
  takeObjects<T>(list: Deno.PointerValue, read: (object: Deno.PointerValue) => T): T[] {
    const results: T[] = [];
    try {
      for (let cell = list; cell !== null;) {
        const view = new Deno.UnsafePointerView(cell);
        const object = view.getPointer(0);
        try {
          results.push(read(object));
        } finally {
          this.unref(object);
        }
        cell = view.getPointer(8);
      }
    } finally {
      this.#glib.g_list_free(list);
    }
    return results;
  }

  /** A `GList` of one object, which it borrows. */
  listOf(object: Deno.PointerValue): GlibList {
    const list = this.#glib.g_list_append(null, object);
    return { pointer: list, [Symbol.dispose]: () => this.#glib.g_list_free(list) };
  }

  /** Frees a `GList` and its objects, which the caller owns. */
  dropObjects(list: Deno.PointerValue): void {
    this.takeObjects(list, () => {});
  }

  /** Drops one reference to a `GObject`. */
  unref(object: Deno.PointerValue): void {
    if (object !== null) this.#gobject.g_object_unref(object);
  }

  /**
   * The error in the `GError **` argument of a call, which is then freed; `undefined` without an error.
   *
   * `GError`, 64 bits: `domain` (`GQuark`) at 0, `code` at 4, `message` at 8.
   */
  takeError(out: OutPointer): GError | undefined {
    const error = out.value;
    if (error === null) return undefined;
    const view = new Deno.UnsafePointerView(error);
    const domain = readCString(this.#glib.g_quark_to_string(view.getUint32(0)));
    const result = new GError(domain, view.getInt32(4), readCString(view.getPointer(8)));
    this.#glib.g_error_free(error);
    return result;
  }
}

/** A `GHashTable` and the strings that it points to. */
export interface StringTable extends Disposable {
  readonly pointer: Deno.PointerValue;
  readonly strings: readonly (readonly [Uint8Array, Uint8Array])[];
}

/** The cells of a `GList`. */
export interface GlibList extends Disposable {
  readonly pointer: Deno.PointerValue;
}
