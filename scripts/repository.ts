/**
 * Where the releases are, OWNER/NAME at GitHub: `FOB_REPOSITORY`, which the release sets. The words here
 * stand in for it until there is one.
 */
export function repository(): string {
  const name = Deno.env.get("FOB_REPOSITORY") ?? "OWNER/fob";
  if (/^[\w.-]+\/[\w.-]+$/.test(name)) return name;
  throw new Error(`FOB_REPOSITORY is "${name}", which is no OWNER/NAME`);
}

/** The page of the project. */
export function homepage(): string {
  return `https://github.com/${repository()}`;
}

/** Where a file of the release of `version` is downloaded. */
export function downloadUrl(version: string, file: string): string {
  return `${homepage()}/releases/download/v${version}/${file}`;
}

/** What fob is, for lists of programs: no name, no full stop. */
export const summary = "Sign in to API platforms once, with the token in the system's keychain";
