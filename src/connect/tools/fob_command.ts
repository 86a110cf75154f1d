import type { ConnectRequest } from "../tool.ts";

/** The words by which a tool runs fob, for a protocol that says which host it asks for. */
export function helperWords(
  protocol: string,
  { fob, profile }: Pick<ConnectRequest, "fob" | "profile">,
): readonly string[] {
  return [fob, "helper", protocol, ...profile === undefined ? [] : ["--profile", profile]];
}
