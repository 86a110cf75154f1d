import type { Environment } from "../../system/environment.ts";

/**
 * Whether this session has a message bus to speak to, by its address alone. Asking GIO instead could
 * start a bus of its own (`dbus-launch`), with a keyring that nobody else sees.
 */
export function hasSessionBus(environment: Environment): boolean {
  const address = environment.get("DBUS_SESSION_BUS_ADDRESS");
  if (address !== undefined) return !/^(autolaunch|disabled):/.test(address);
  const runtime = environment.get("XDG_RUNTIME_DIR");
  if (runtime === undefined) return false;
  try {
    return Deno.statSync(`${runtime}/bus`).isSocket ?? false;
  } catch {
    return false;
  }
}
