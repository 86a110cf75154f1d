import type { KeyringLibraries } from "../../ffi/libsecret.ts";
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
  if (mayAnswer(environment) || !hasSessionBus(environment)) return undefined;
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

/** Whether a variable is set that holds a token, or has a program sign in. */
function mayAnswer(environment: Environment): boolean {
  const names = platforms.flatMap(({ variables, machines }) => [
    ...variables?.token ?? [],
    ...[machines?.choice, machines?.host, machines?.clientId],
  ]);
  return ["API_TOKEN", ...names].some((name) =>
    name !== undefined && environment.get(name) !== undefined
  );
}

/** Whether there is a profile, and nobody says where credentials are kept but that it is here. */
function mayBeKept(environment: Environment): boolean {
  if ((environment.get("FOB_AUTH_STORAGE") ?? "secure") !== "secure") return false;
  const path = profileFilePath(environment);
  if (!Deno.statSync(path).isFile) return false;
  const text = Deno.readTextFileSync(path);
  return text.includes("[") && !text.includes("auth_storage");
}
