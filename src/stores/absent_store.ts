import { FobError } from "../errors.ts";
import type { Availability, SecretStore } from "./secret_store.ts";

/** The store of an unsupported system. Every method rejects with `store_unavailable`. */
export class AbsentStore implements SecretStore {
  readonly kind = "absent";
  readonly location = "no keychain";

  probe(): Promise<Availability> {
    return Promise.resolve({ state: "unavailable", reason: "unsupported-system", detail: absence });
  }
  get(): Promise<never> {
    return refuse();
  }
  set(): Promise<never> {
    return refuse();
  }
  delete(): Promise<never> {
    return refuse();
  }
  list(): Promise<never> {
    return refuse();
  }
  assertWritable(): Promise<never> {
    return refuse();
  }
}

const absence = `fob does not support the keychain of ${Deno.build.os}`;

function refuse(): Promise<never> {
  return Promise.reject(
    new FobError("store_unavailable", absence, { facts: { reason: "unsupported-system" } }),
  );
}
