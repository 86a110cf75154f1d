import type { CredentialSet } from "../../../ffi/advapi32.ts";

/** `set`, each call of which is handed to `around`, to be made or not. */
export function intercept(set: CredentialSet, around: <T>(call: () => T) => T): CredentialSet {
  return {
    read: (target) => around(() => set.read(target)),
    write: (credential, comment) => around(() => set.write(credential, comment)),
    delete: (target) => around(() => set.delete(target)),
    enumerate: (prefix) => around(() => set.enumerate(prefix)),
    maximumPersistence: () => around(() => set.maximumPersistence()),
  };
}
