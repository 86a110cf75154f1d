import { Advapi32, type CredentialSet, WindowsError } from "../../../ffi/advapi32.ts";
import { type ErrorCode, FobError } from "../../errors.ts";
import { Secret } from "../../secret.ts";
import { availabilityFrom } from "../absence.ts";
import type { Availability, SecretStore } from "../secret_store.ts";
import { PartedCredentials } from "./parts.ts";

/** Replacements of the defaults, for tests. */
export interface CredentialManagerNeeds {
  /** Opens the native library. */
  readonly open?: () => CredentialSet;
  /** The prefix of target names. Default: `fob`. */
  readonly service?: string;
}

/**
 * The Credential Manager of Windows: generic credentials of this user on this machine. Every program of the
 * user can read them, without a prompt. The calls are local and need no time limit, see {@link Advapi32}.
 */
export class CredentialManagerStore implements SecretStore {
  readonly kind = "credential-manager";
  readonly location = "the Windows Credential Manager, generic credentials";
  readonly #needs: CredentialManagerNeeds;
  #set: CredentialSet | undefined;

  /** Lazy: the libraries are loaded by the first call. */
  constructor(needs: CredentialManagerNeeds = {}) {
    this.#needs = needs;
  }

  probe(): Promise<Availability> {
    return this.#do((_credentials, set): Availability => {
      assertPersistent(set);
      return { state: "ready" };
    }).catch(availabilityFrom);
  }

  get(account: string): Promise<Secret | undefined> {
    return this.#do((credentials) => {
      const bytes = credentials.get(account);
      return bytes && decode(bytes, account);
    });
  }

  set(account: string, secret: Secret): Promise<void> {
    return this.#do((credentials) =>
      credentials.set(account, new TextEncoder().encode(secret.reveal()))
    );
  }

  delete(account: string): Promise<boolean> {
    return this.#do((credentials) => credentials.delete(account));
  }

  list(): Promise<string[]> {
    return this.#do((credentials) => credentials.list().sort());
  }

  /** Checks that the session stores credentials and that the entry can be read. */
  assertWritable(account: string): Promise<void> {
    return this.#do((credentials, set) => {
      assertPersistent(set);
      credentials.has(account);
    });
  }

  // deno-lint-ignore require-await -- errors must reach the caller as a rejection
  async #do<T>(act: (credentials: PartedCredentials, set: CredentialSet) => T): Promise<T> {
    try {
      const set = this.#open();
      return act(new PartedCredentials(set, this.#needs.service ?? "fob"), set);
    } catch (error) {
      throw error instanceof WindowsError ? storeError(error) : error;
    }
  }

  #open(): CredentialSet {
    if (this.#set !== undefined) return this.#set;
    const open = this.#needs.open ?? ((): CredentialSet => new Advapi32());
    try {
      return this.#set = open();
    } catch (cause) {
      throw unavailable("no-library", "This version of Windows has no Credential Manager", cause);
    }
  }
}

/** `CRED_PERSIST_LOCAL_MACHINE`, wincred.h. */
const localMachine = 2;

function assertPersistent(set: CredentialSet): void {
  if (set.maximumPersistence() >= localMachine) return;
  throw unavailable("no-logon-session", "This Windows session does not store credentials");
}

function decode(bytes: Uint8Array, account: string): Secret {
  try {
    return new Secret(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (cause) {
    throw new FobError("store_corrupt", `The credential for "${account}" is not UTF-8 text`, {
      cause,
    });
  }
}

function unavailable(
  reason: "no-library" | "no-logon-session",
  message: string,
  cause: unknown = undefined,
): FobError {
  return new FobError("store_unavailable", message, { cause, facts: { reason } });
}

/** The meaning of a status, winerror.h. 1168 (not found) is handled where it is an expected result. */
const meanings: Readonly<Record<number, ErrorCode>> = {
  5: "store_denied", // ERROR_ACCESS_DENIED
  258: "store_timeout", // WAIT_TIMEOUT
  1053: "store_timeout", // ERROR_SERVICE_REQUEST_TIMEOUT
  1223: "store_cancelled", // ERROR_CANCELLED
  1312: "store_unavailable", // ERROR_NO_SUCH_LOGON_SESSION
  1314: "store_denied", // ERROR_PRIVILEGE_NOT_HELD
  1460: "store_timeout", // ERROR_TIMEOUT
};

/** Converts a status of Windows. */
export function storeError(error: WindowsError): FobError {
  const code = meanings[error.code] ?? "store_failed";
  const text = error.message === "" ? "" : `: ${error.message}`;
  const message = `The Credential Manager returned error ${error.code}${text}`;
  return code === "store_unavailable"
    ? unavailable("no-logon-session", message, error)
    : new FobError(code, message, { cause: error });
}
