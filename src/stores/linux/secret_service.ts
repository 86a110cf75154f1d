import { forbidDumps } from "../../../ffi/dumps.ts";
import type { MessageBus } from "../../../ffi/gio.ts";
import { GError, type Glib } from "../../../ffi/glib.ts";
import {
  type Attributes,
  type KeyringLibraries,
  type Libsecret,
  openLibraries,
} from "../../../ffi/libsecret.ts";
import { FobError } from "../../errors.ts";
import { Secret } from "../../secret.ts";
import type { Environment } from "../../system/environment.ts";
import { availabilityFrom } from "../absence.ts";
import type { Availability, SecretStore, WaitOptions } from "../secret_store.ts";
import { withinLimit } from "../time_limit.ts";
import {
  busName,
  cancelled,
  locked,
  lockedMessage,
  storeError,
  unavailable,
} from "./secret_service_error.ts";
import { hasSessionBus } from "./session_bus.ts";

/** The name of the bus itself, D-Bus Specification "Message Bus Messages". */
const busDaemon = "org.freedesktop.DBus";
const location = "the Secret Service (GNOME Keyring, KWallet), default collection";

/** Dependencies of {@link SecretServiceStore}. The environment names the bus. */
export interface SecretServiceNeeds {
  readonly environment: Environment;
  readonly waitOptions: WaitOptions;
  readonly keyring?: KeyringLibraries;
}

/** The keyring of a Linux desktop: Secret Service API Draft 0.2, through libsecret. */
export class SecretServiceStore implements SecretStore {
  readonly kind = "secret-service";
  readonly location = location;
  readonly #needs: SecretServiceNeeds;
  #bus: MessageBus | undefined;
  #isHidden = false;
  #libraries: KeyringLibraries | undefined;

  /** Lazy: the libraries are loaded by the first call. */
  constructor(needs: SecretServiceNeeds) {
    this.#needs = needs;
    this.#libraries = needs.keyring;
  }

  async probe(): Promise<Availability> {
    try {
      const { glib, libsecret } = this.#open();
      if (!await this.#within((await this.#busOf(glib)).knows(busName))) {
        throw unavailable("no-provider");
      }
      const collection = await this.#defaultCollection(libsecret);
      if (collection === "absent") throw unavailable("no-default-collection");
      return collection === "locked"
        ? { state: "locked", detail: lockedMessage }
        : { state: "ready" };
    } catch (error) {
      return availabilityFrom(error);
    }
  }

  async programs(): Promise<string | undefined> {
    const { processName } = await import("../../../ffi/libc.ts");
    const { programVersion } = await import("../../system/program_version.ts");
    const session = await this.#busOf(this.#open().glib);
    const nameOf = async (owner: string): Promise<string | undefined> => {
      const process = await this.#within(session.processOf(owner));
      if (process === undefined) return undefined;
      const name = processName(process) ?? `process ${process}`;
      const version = await programVersion(process, name);
      return version === undefined ? name : `${name} ${version}`;
    };
    const [bus, provider] = [await nameOf(busDaemon), await nameOf(busName)];
    return `${provider ?? "no provider"} on the session bus of ${bus ?? "an unknown program"}`;
  }

  async get(account: string): Promise<Secret | undefined> {
    const { libsecret } = this.#open();
    let [item] = await this.#ask(libsecret.find(attributesOf(account)));
    if (item?.locked) {
      await this.#unlock(libsecret);
      [item] = await this.#ask(libsecret.find(attributesOf(account)));
    }
    if (item === undefined) return undefined;
    if (item.locked) throw await this.#locked();
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
    if (await this.#defaultCollection(libsecret) === "absent") {
      await this.#createCollection();
    }
    const [item] = await this.#ask(libsecret.find(attributesOf(account)));
    if (item?.locked) throw await this.#locked();
  }

  async #unlockForWriting(libsecret: Libsecret): Promise<void> {
    const collection = await this.#defaultCollection(libsecret);
    if (collection === "locked") await this.#unlock(libsecret);
    // If prompts are allowed, the write itself makes the desktop show its "create a keyring" dialog.
    if (collection === "absent" && !this.#needs.waitOptions.interactive) {
      throw unavailable("no-default-collection");
    }
  }

  /** A prompt is never cancelled, because that crashes some daemons: wait for it, or end the process. */
  async #unlock(libsecret: Libsecret): Promise<void> {
    if (!this.#needs.waitOptions.interactive) throw await this.#locked();
    if (!await this.#ask(libsecret.unlockDefaultCollection())) throw cancelled();
  }

  async #defaultCollection(libsecret: Libsecret): Promise<"unlocked" | "locked" | "absent"> {
    const collection = await this.#ask(libsecret.defaultCollection());
    if (collection !== "unlocked") await this.#assertConnected();
    return collection;
  }

  async #locked(): Promise<FobError> {
    await this.#assertConnected();
    return locked();
  }

  /** After a lost connection libsecret reports a collection as locked or absent: throws if the connection is lost. */
  async #assertConnected(): Promise<void> {
    const session = await this.#busOf(this.#open().glib);
    await this.#within(session.knows(busName));
  }

  /** The first write makes the desktop ask for a new keyring's password. Do that before a token is spent. */
  async #createCollection(): Promise<void> {
    const account = `probe:${crypto.randomUUID()}`;
    await this.set(account, new Secret(""));
    await this.delete(account);
  }

  #open(): KeyringLibraries {
    if (this.#libraries !== undefined) return this.#libraries;
    if (!hasSessionBus(this.#needs.environment)) throw unavailable("no-bus");
    try {
      return this.#libraries = openLibraries();
    } catch (cause) {
      throw unavailable("no-library", cause);
    }
  }

  async #busOf(glib: Glib): Promise<MessageBus> {
    const { MessageBus } = await import("../../../ffi/gio.ts");
    return this.#bus ??= new MessageBus(glib);
  }

  /**
   * Waits for a call to the keyring. After the first answer, core dumps of this process are disabled. Not before:
   * KeePassXC looks up the program when it connects, and warns if it may not.
   */
  async #ask<T>(call: Promise<T>): Promise<T> {
    try {
      return await this.#within(call);
    } catch (error) {
      const isFinding = error instanceof FobError &&
        ["store_locked", "store_unavailable"].includes(error.code);
      if (isFinding) await this.#assertConnected();
      throw error;
    } finally {
      if (!this.#isHidden) forbidDumps();
      this.#isHidden = true;
    }
  }

  async #within<T>(call: Promise<T>): Promise<T> {
    try {
      return await withinLimit(call, "the keyring", this.#needs.waitOptions);
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
    throw new FobError("store_corrupt", `The keyring item for "${account}" is not UTF-8 text`, {
      cause,
    });
  }
}
