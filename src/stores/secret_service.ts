import { forbidDumps } from "../../ffi/dumps.ts";
import type { MessageBus } from "../../ffi/gio.ts";
import { GError, Glib } from "../../ffi/glib.ts";
import { type Attributes, Libsecret } from "../../ffi/libsecret.ts";
import { type ErrorCode, FobError } from "../errors.ts";
import { Secret } from "../secret.ts";
import type { Environment } from "../system/environment.ts";
import { availabilityFrom } from "./absence.ts";
import type { Availability, Patience, SecretStore } from "./secret_store.ts";
import { hasSessionBus } from "./session_bus.ts";
import { withinLimit } from "./time_limit.ts";

/** The name that GNOME Keyring, KWallet and KeePassXC own on the session bus. */
const busName = "org.freedesktop.secrets";
/** The name of the bus itself, D-Bus Specification "Message Bus Messages". */
const busDaemon = "org.freedesktop.DBus";
const location = "the Secret Service (GNOME Keyring, KWallet), default collection";

/** What the Secret Service store needs: the environment that names the bus, and how long it may take. */
export interface SecretServiceNeeds {
  readonly environment: Environment;
  readonly patience: Patience;
}

/** The keyring of a Linux desktop, Secret Service API Draft 0.2, through libsecret. */
export class SecretServiceStore implements SecretStore {
  readonly kind = "secret-service";
  readonly location = location;
  readonly #needs: SecretServiceNeeds;
  #bus: MessageBus | undefined;
  #isHidden = false;
  #libraries: { glib: Glib; libsecret: Libsecret } | undefined;

  /** Opens nothing yet: the libraries are loaded by the first call. */
  constructor(needs: SecretServiceNeeds) {
    this.#needs = needs;
  }

  prepare(): void {
    this.#open().libsecret.connect();
  }

  async probe(): Promise<Availability> {
    try {
      const { glib, libsecret } = this.#open();
      if (!await this.#within((await this.#busOf(glib)).knows(busName))) {
        throw unavailable("no-provider");
      }
      const collection = await this.#ask(libsecret.defaultCollection());
      if (collection === "absent") throw unavailable("no-default-collection");
      return collection === "locked"
        ? { state: "locked", detail: lockedMessage }
        : { state: "ready" };
    } catch (error) {
      return availabilityFrom(error);
    }
  }

  async programs(): Promise<string | undefined> {
    const { processName } = await import("../../ffi/libc.ts");
    const { programVersion } = await import("../system/program_version.ts");
    const session = await this.#busOf(this.#open().glib);
    const nameOf = async (owner: string): Promise<string | undefined> => {
      const process = await this.#within(session.processOf(owner));
      if (process === undefined) return undefined;
      const name = processName(process) ?? `process ${process}`;
      const version = await programVersion(process, name);
      return version === undefined ? name : `${name} ${version}`;
    };
    const [bus, provider] = [await nameOf(busDaemon), await nameOf(busName)];
    return `${provider ?? "no provider"} on the session bus of ${bus ?? "an unnamed program"}`;
  }

  async get(account: string): Promise<Secret | undefined> {
    const { libsecret } = this.#open();
    let [item] = await this.#ask(libsecret.find(attributesOf(account)));
    if (item?.locked) {
      await this.#unlock(libsecret);
      [item] = await this.#ask(libsecret.find(attributesOf(account)));
    }
    if (item === undefined) return undefined;
    if (item.locked) throw locked();
    return decode(item.secret, account);
  }

  async set(account: string, secret: Secret): Promise<void> {
    const { libsecret } = this.#open();
    await this.#unlockForWriting(libsecret);
    const call = libsecret.store(attributesOf(account), `fob: ${account}`, secret.reveal());
    if (!await this.#ask(call)) throw cancelled();
  }

  async delete(account: string): Promise<boolean> {
    const { libsecret } = this.#open();
    const items = await this.#ask(libsecret.find(attributesOf(account)));
    if (items.length === 0) return false;
    if (items.some((item) => item.locked)) await this.#unlock(libsecret);
    return await this.#ask(libsecret.clear(attributesOf(account)));
  }

  async list(): Promise<string[]> {
    const { libsecret } = this.#open();
    const accounts = await this.#ask(libsecret.listAttribute(ours, "account"));
    return [...new Set(accounts)].sort();
  }

  async assertWritable(account: string): Promise<void> {
    const { libsecret } = this.#open();
    await this.#unlockForWriting(libsecret);
    if (await this.#ask(libsecret.defaultCollection()) === "absent") {
      await this.#createCollection();
    }
    const [item] = await this.#ask(libsecret.find(attributesOf(account)));
    if (item?.locked) throw locked();
  }

  async #unlockForWriting(libsecret: Libsecret): Promise<void> {
    const collection = await this.#ask(libsecret.defaultCollection());
    if (collection === "locked") await this.#unlock(libsecret);
    // With a person there, the write itself leads to the desktop's "create a keyring" dialog.
    if (collection === "absent" && !this.#needs.patience.interactive) {
      throw unavailable("no-default-collection");
    }
  }

  /** A prompt, once shown, is waited for or left behind by ending the process; cancelling it kills some daemons. */
  async #unlock(libsecret: Libsecret): Promise<void> {
    if (!this.#needs.patience.interactive) throw locked();
    if (!await this.#ask(libsecret.unlockDefaultCollection())) throw cancelled();
  }

  /** The first write makes the desktop ask for a new keyring's password: better before a token is spent than after. */
  async #createCollection(): Promise<void> {
    const account = `probe:${crypto.randomUUID()}`;
    await this.set(account, new Secret(""));
    await this.delete(account);
  }

  #open(): { glib: Glib; libsecret: Libsecret } {
    if (this.#libraries !== undefined) return this.#libraries;
    if (!hasSessionBus(this.#needs.environment)) throw unavailable("no-bus");
    try {
      const glib = new Glib();
      return this.#libraries = { glib, libsecret: new Libsecret(glib) };
    } catch (cause) {
      throw unavailable("no-library", cause);
    }
  }

  async #busOf(glib: Glib): Promise<MessageBus> {
    const { MessageBus } = await import("../../ffi/gio.ts");
    return this.#bus ??= new MessageBus(glib);
  }

  /**
   * What the keyring answers. From its first answer on this process is in no core dump: not before, because
   * KeePassXC looks up the program of a connection when that begins, and warns where it may not.
   */
  async #ask<T>(call: Promise<T>): Promise<T> {
    try {
      return await this.#within(call);
    } finally {
      if (!this.#isHidden) forbidDumps();
      this.#isHidden = true;
    }
  }

  async #within<T>(call: Promise<T>): Promise<T> {
    try {
      return await withinLimit(call, "the keyring", this.#needs.patience);
    } catch (error) {
      throw error instanceof GError ? storeError(error) : error;
    }
  }
}

const ours: Attributes = { "xdg:schema": "dev.fob.Credential", service: "fob" };

function attributesOf(account: string): Attributes {
  return { ...ours, account };
}

function decode(bytes: Uint8Array, account: string): Secret {
  try {
    return new Secret(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (cause) {
    throw new FobError("store_corrupt", `The keyring's item for "${account}" is not UTF-8 text`, {
      cause,
    });
  }
}

const lockedMessage = "The keyring is locked";

function locked(): FobError {
  return new FobError("store_locked", lockedMessage);
}

function cancelled(): FobError {
  return new FobError("store_cancelled", "The keyring's dialog was dismissed");
}

const unavailableMessages = {
  "no-bus": "This session has no D-Bus session bus",
  "no-library": "libsecret is not installed",
  "no-provider": `No program provides "${busName}" on the session bus`,
  "no-default-collection": "The keyring has no default collection",
} as const;

type Reason = keyof typeof unavailableMessages;

function unavailable(
  reason: Reason,
  cause?: unknown,
  message: string = unavailableMessages[reason],
): FobError {
  return new FobError("store_unavailable", message, {
    cause,
    facts: { reason },
  });
}

/**
 * What a `GError` means, by domain and code: gio/gioenums.h for `g-io-error-quark` and
 * `g-dbus-error-quark`, libsecret/secret-types.h for `secret-error`. Only what proves that there is
 * nobody to ask is `store_unavailable`.
 */
const meanings: Readonly<Record<string, Readonly<Record<number, ErrorCode | Reason>>>> = {
  "secret-error": { 2: "store_locked" },
  "g-dbus-error-quark": {
    2: "no-provider",
    3: "no-provider",
    4: "store_timeout",
    9: "store_denied",
    10: "store_denied",
    11: "no-bus",
    12: "store_timeout",
    19: "no-default-collection",
    20: "store_timeout",
  },
  "g-io-error-quark": {
    1: "no-bus",
    13: "no-bus",
    14: "store_denied",
    24: "store_timeout",
    39: "no-bus",
  },
};

/** The error that stands for a `GError`. */
export function storeError(error: GError): FobError {
  const meaning = meanings[error.domain]?.[error.code] ?? "store_failed";
  if (meaning === "no-bus") {
    return unavailable("no-bus", error, "Nobody answers at the address of the D-Bus session bus");
  }
  if (meaning in unavailableMessages) return unavailable(meaning as Reason, error);
  if (meaning === "store_locked") return locked();
  const what = `The keyring answered ${error.domain} ${error.code}: ${error.message}`;
  return new FobError(meaning as ErrorCode, what, { cause: error });
}
