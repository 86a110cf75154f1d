import type { KeyringLibraries } from "../../ffi/libsecret.ts";
import { mayAnswer } from "../profiles/credential_sources.ts";
import { platforms } from "../providers/platforms.ts";
import { hasSessionBus } from "../stores/linux/session_bus.ts";
import { type Environment, systemEnvironment } from "../system/environment.ts";
import { profileFilePath } from "../system/files/directories.ts";

/**
 * Starts to connect to the Secret Service, while the rest of the program is loaded. Only if the token is likely to
 * come from there: not if credentials are stored in a file, or the environment may contain a token. Errors are
 * ignored, because the read reports them again.
 */
export async function connectEarly(): Promise<KeyringLibraries | undefined> {
  if (Deno.build.os !== "linux") return undefined;
  const environment = systemEnvironment();
  if (mayAnswer(environment, platforms) || !hasSessionBus(environment)) return undefined;
  try {
    if (!mayBeInKeyring(environment)) return undefined;
    const { openLibraries } = await import("../../ffi/libsecret.ts");
    const libraries = openLibraries();
    libraries.libsecret.connect();
    return libraries;
  } catch {
    return undefined;
  }
}

/** Whether there is a profile, and no setting selects another store. */
function mayBeInKeyring(environment: Environment): boolean {
  if ((environment.get("FOB_AUTH_STORAGE") ?? "secure") !== "secure") return false;
  const path = profileFilePath(environment);
  if (!Deno.statSync(path).isFile) return false;
  const text = Deno.readTextFileSync(path);
  return text.includes("[") && !text.includes("auth_storage");
}
