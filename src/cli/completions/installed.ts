import { FobError } from "../../errors.ts";
import { findHome } from "../../text/home.ts";
import type { CommandContext } from "../context.ts";
import { scripts, type Shell } from "./scripts.ts";

/** A file from which a shell loads the completions of a command named fob. */
interface Installed {
  readonly shell: Shell;
  readonly path: string;
}

/** The directories where Linux packages and Homebrew (Intel and Apple silicon) install completions. */
const prefixes = ["/usr/share", "/usr/local/share", "/opt/homebrew/share"];

/**
 * The installed completion files that differ from the scripts of this fob. The scripts call fob for every word,
 * so they differ only if the call itself has changed.
 */
export async function staleCompletions(
  context: { readonly system: Pick<CommandContext["system"], "environment" | "foreignFile"> },
): Promise<Installed[]> {
  const found = await Promise.all(
    places(context).map(async (place) => {
      const text = await readSilently(place.path, context);
      return text === "" || text === scripts[place.shell] ? [] : [place];
    }),
  );
  return found.flat();
}

function places(
  { system: { environment } }: { readonly system: Pick<CommandContext["system"], "environment"> },
): Installed[] {
  const home = findHome(environment);
  const own = home === undefined ? [] : [
    { shell: "bash", path: `${home}/.local/share/bash-completion/completions/fob` },
    { shell: "fish", path: `${home}/.config/fish/completions/fob.fish` },
  ] as const;
  const shared = prefixes.flatMap((prefix) =>
    [
      { shell: "bash", path: `${prefix}/bash-completion/completions/fob` },
      { shell: "zsh", path: `${prefix}/zsh/site-functions/_fob` },
      { shell: "zsh", path: `${prefix}/zsh/vendor-completions/_fob` },
      { shell: "fish", path: `${prefix}/fish/vendor_completions.d/fob.fish` },
    ] as const
  );
  return [...own, ...shared];
}

async function readSilently(
  path: string,
  { system: { foreignFile } }: { readonly system: Pick<CommandContext["system"], "foreignFile"> },
): Promise<string> {
  try {
    return await (await foreignFile(path)).read();
  } catch (error) {
    if (error instanceof FobError) return "";
    throw error;
  }
}
