import type { Environment } from "../../system/environment.ts";

/**
 * Whether this session has a message bus, judged by its address only. GIO could start a new bus
 * (`dbus-launch`), with a keyring that no other program uses.
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
