import type { Glib } from "./glib.ts";
import { cString, OutPointer, readCString } from "./memory.ts";

const symbols = {
  /** `GDBusConnection *g_bus_get_sync(GBusType, GCancellable *, GError **)`: shared in this process, one reference is ours */
  g_bus_get_sync: {
    parameters: ["i32", "pointer", "buffer"],
    result: "pointer",
    nonblocking: true,
  },
  /**
   * `GVariant *g_dbus_connection_call_sync(GDBusConnection *, const gchar *bus_name, const gchar *object_path,
   * const gchar *interface_name, const gchar *method_name, GVariant *parameters, const GVariantType *reply_type,
   * GDBusCallFlags, gint timeout_msec, GCancellable *, GError **)`
   */
  g_dbus_connection_call_sync: {
    parameters: [
      "pointer",
      "buffer",
      "buffer",
      "buffer",
      "buffer",
      "pointer",
      "pointer",
      "i32",
      "i32",
      "pointer",
      "buffer",
    ],
    result: "pointer",
    nonblocking: true,
  },
  /** `GVariant *g_variant_new_string(const gchar *)`: floating */
  g_variant_new_string: { parameters: ["buffer"], result: "pointer" },
  /** `GVariant *g_variant_new_tuple(GVariant *const *children, gsize n_children)`: floating, takes the children */
  g_variant_new_tuple: { parameters: ["buffer", "usize"], result: "pointer" },
  /** `GVariant *g_variant_get_child_value(GVariant *, gsize index)`: one reference is ours */
  g_variant_get_child_value: { parameters: ["pointer", "usize"], result: "pointer" },
  /** `gsize g_variant_n_children(GVariant *)` */
  g_variant_n_children: { parameters: ["pointer"], result: "usize" },
  /** `gboolean g_variant_get_boolean(GVariant *)` */
  g_variant_get_boolean: { parameters: ["pointer"], result: "i32" },
  /** `guint32 g_variant_get_uint32(GVariant *)` */
  g_variant_get_uint32: { parameters: ["pointer"], result: "u32" },
  /** `const gchar *g_variant_get_string(GVariant *, gsize *length)`: borrowed */
  g_variant_get_string: { parameters: ["pointer", "pointer"], result: "pointer" },
  /** `void g_variant_unref(GVariant *)` */
  g_variant_unref: { parameters: ["pointer"], result: "void" },
} as const satisfies Deno.ForeignLibraryInterface;

/** `G_BUS_TYPE_SESSION`, gio/gioenums.h. */
const sessionBus = 2;
/** Time limit of a call to the bus itself in milliseconds; it answers from memory. */
const busAnswerLimit = 2_000;

/** Queries the session bus about names. */
export class MessageBus {
  readonly #gio: Deno.DynamicLibrary<typeof symbols>;
  readonly #glib: Glib;

  /** Opens the library. Throws the error of `Deno.dlopen` if it is not installed. */
  constructor(glib: Glib) {
    this.#gio = Deno.dlopen("libgio-2.0.so.0", symbols);
    this.#glib = glib;
  }

  /**
   * Whether `name` has an owner on the session bus, or belongs to a service that the bus starts on demand.
   *
   * Throws `GError` if the bus cannot be reached or does not answer.
   */
  async knows(name: string): Promise<boolean> {
    return await this.#connected(async (connection) =>
      await this.#hasOwner(connection, name) || await this.#canStart(connection, name)
    );
  }

  /**
   * The ID of the process that owns `name`; `undefined` without an owner. Does not start a service. Throws as
   * {@link knows} does.
   */
  async processOf(name: string): Promise<number | undefined> {
    return await this.#connected(async (connection) => {
      if (!await this.#hasOwner(connection, name)) return undefined;
      const parameters = this.#stringTuple(name);
      const answer = await this.#call(connection, "GetConnectionUnixProcessID", parameters);
      return this.#takeChild(answer, 0, (child) => this.#gio.symbols.g_variant_get_uint32(child));
    });
  }

  async #connected<T>(use: (connection: Deno.PointerValue) => Promise<T>): Promise<T> {
    const error = new OutPointer();
    const connection = await this.#gio.symbols.g_bus_get_sync(sessionBus, null, error.buffer);
    if (connection === null) throw this.#glib.takeError(error);
    try {
      return await use(connection);
    } finally {
      this.#glib.unref(connection);
    }
  }

  async #hasOwner(connection: Deno.PointerValue, name: string): Promise<boolean> {
    const answer = await this.#call(connection, "NameHasOwner", this.#stringTuple(name));
    return this.#takeChild(
      answer,
      0,
      (child) => this.#gio.symbols.g_variant_get_boolean(child) !== 0,
    );
  }

  /** The parameters of a method that takes one string; floating. */
  #stringTuple(text: string): Deno.PointerValue {
    const { symbols } = this.#gio;
    const string = symbols.g_variant_new_string(cString(text));
    return symbols.g_variant_new_tuple(BigUint64Array.of(Deno.UnsafePointer.value(string)), 1n);
  }

  async #canStart(connection: Deno.PointerValue, name: string): Promise<boolean> {
    const { symbols } = this.#gio;
    const answer = await this.#call(connection, "ListActivatableNames", null);
    return this.#takeChild(answer, 0, (names) => {
      for (let i = 0n; i < symbols.g_variant_n_children(names); i++) {
        const child = symbols.g_variant_get_child_value(names, i);
        const same = readCString(symbols.g_variant_get_string(child, null)) === name;
        symbols.g_variant_unref(child);
        if (same) return true;
      }
      return false;
    });
  }

  /** Calls a method of the bus itself, D-Bus Specification "Message Bus Messages". */
  async #call(
    connection: Deno.PointerValue,
    method: string,
    parameters: Deno.PointerValue,
  ): Promise<Deno.PointerValue> {
    const error = new OutPointer();
    const answer = await this.#gio.symbols.g_dbus_connection_call_sync(
      connection,
      cString("org.freedesktop.DBus"),
      cString("/org/freedesktop/DBus"),
      cString("org.freedesktop.DBus"),
      cString(method),
      parameters,
      null,
      0,
      busAnswerLimit,
      null,
      error.buffer,
    );
    if (answer === null) throw this.#glib.takeError(error);
    return answer;
  }

  /** Reads the child at `index` and frees `variant`. */
  #takeChild<T>(
    variant: Deno.PointerValue,
    index: number,
    read: (child: Deno.PointerValue) => T,
  ): T {
    const child = this.#gio.symbols.g_variant_get_child_value(variant, BigInt(index));
    try {
      return read(child);
    } finally {
      this.#gio.symbols.g_variant_unref(child);
      this.#gio.symbols.g_variant_unref(variant);
    }
  }
}
