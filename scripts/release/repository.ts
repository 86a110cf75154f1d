/** Placeholder for the repository's owner in the texts of the repository. */
const placeholder = "OWNER";

/**
 * The GitHub repository of the releases as OWNER/NAME, from `FOB_REPOSITORY`, which the release
 * workflow sets.
 */
export function repository(): string {
  const name = Deno.env.get("FOB_REPOSITORY") ?? `${placeholder}/fob`;
  if (/^[\w.-]+\/[\w.-]+$/.test(name)) return name;
  throw new Error(`FOB_REPOSITORY is not OWNER/NAME: "${name}"`);
}

/** The owner of the repository. */
export function owner(): string {
  return repository().replace(/\/.*$/, "");
}

/** `text` with the placeholders replaced by the repository. */
export function withRepository(text: string): string {
  return text.replaceAll(`${placeholder}/fob`, repository()).replaceAll(placeholder, owner());
}

/**
 * A Markdown text of the top folder with links to files as addresses of these files in the release of `version`.
 * Links to headings and to files in `kept` stay.
 */
export function withReleasedLinks(text: string, version: string, kept: readonly string[]): string {
  return text.replaceAll(
    /(!?)\[([^\]]*)\]\((?!https?:|#)([^)#\s]+)/g,
    (link, image, label, path) => {
      if (kept.includes(path)) return link;
      const kind = image === "!" ? "raw" : "blob";
      return `${image}[${label}](${homepage()}/${kind}/v${version}/${path}`;
    },
  );
}

/** The home page of the project. */
export function homepage(): string {
  return `https://github.com/${repository()}`;
}

/** The URL of a file of the release of `version`. */
export function downloadUrl(version: string, file: string): string {
  return `${homepage()}/releases/download/v${version}/${file}`;
}

/** A one-line description for package lists, without the name and without a full stop. */
export const summary = "Sign in to API platforms once, with the token in the system's keychain";
