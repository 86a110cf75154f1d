import type { ConnectRequest } from "../tool.ts";

/** The command line by which a tool runs fob, for a protocol that names the host in its requests. */
export function helperWords(
  protocol: string,
  { fob, profile }: Pick<ConnectRequest, "fob" | "profile">,
): readonly string[] {
  return [fob, "helper", protocol, ...profile === undefined ? [] : ["--profile", profile]];
}
