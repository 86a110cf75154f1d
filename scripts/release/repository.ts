/** Stands for the repository's owner in every text of the tree until there is one. */
const placeholder = "OWNER";

/** Where the releases are, OWNER/NAME at GitHub: `FOB_REPOSITORY`, which the release sets. */
export function repository(): string {
  const name = Deno.env.get("FOB_REPOSITORY") ?? `${placeholder}/fob`;
  if (/^[\w.-]+\/[\w.-]+$/.test(name)) return name;
  throw new Error(`FOB_REPOSITORY is "${name}", which is no OWNER/NAME`);
}

/** The account that the repository is of. */
export function owner(): string {
  return repository().replace(/\/.*$/, "");
}

/** `text` of this tree as it is released: it names the repository. */
export function withRepository(text: string): string {
  return text.replaceAll(`${placeholder}/fob`, repository()).replaceAll(placeholder, owner());
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
