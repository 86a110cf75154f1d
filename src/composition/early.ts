import type { KeyringLibraries } from "../../ffi/libsecret.ts";
import { mayAnswer } from "../profiles/credential_sources.ts";
import { platforms } from "../providers/platforms.ts";
import { hasSessionBus } from "../stores/linux/session_bus.ts";
import { type Environment, systemEnvironment } from "../system/environment.ts";
import { profileFilePath } from "../system/files/directories.ts";

/**
 * Begins to connect to the Secret Service for a token that is going to be asked for: before the rest of the program is
 * loaded, which takes as long. Never where credentials are kept in a file, or the environment may have an answer. What
 * goes wrong here, the read meets again.
 */
export async function connectEarly(): Promise<KeyringLibraries | undefined> {
  if (Deno.build.os !== "linux") return undefined;
  const environment = systemEnvironment();
  if (mayAnswer(environment, platforms) || !hasSessionBus(environment)) return undefined;
  try {
    if (!mayBeKept(environment)) return undefined;
    const { openLibraries } = await import("../../ffi/libsecret.ts");
    const libraries = openLibraries();
    libraries.libsecret.connect();
    return libraries;
  } catch {
    return undefined;
  }
}

/** Whether there is a profile, and nobody says where credentials are kept but that it is here. */
function mayBeKept(environment: Environment): boolean {
  if ((environment.get("FOB_AUTH_STORAGE") ?? "secure") !== "secure") return false;
  const path = profileFilePath(environment);
  if (!Deno.statSync(path).isFile) return false;
  const text = Deno.readTextFileSync(path);
  return text.includes("[") && !text.includes("auth_storage");
}
