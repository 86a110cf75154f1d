import type { CredentialSet } from "../../../ffi/advapi32.ts";

/** Wraps `set`: each call is passed to `around`, which may make it or not. */
export function intercept(set: CredentialSet, around: <T>(call: () => T) => T): CredentialSet {
  return {
    read: (target) => around(() => set.read(target)),
    write: (credential, comment) => around(() => set.write(credential, comment)),
    delete: (target) => around(() => set.delete(target)),
    enumerate: (prefix) => around(() => set.enumerate(prefix)),
    maximumPersistence: () => around(() => set.maximumPersistence()),
  };
}
