import { homeOf } from "./foreign_home.ts";
import type { Keeper } from "./keeper.ts";

/** The `store` helper of Git, git-credential-store(1): a URL with its password on each line. */
export const gitCredentials: Keeper = {
  tool: "git",
  paths: (environment) => {
    const home = homeOf(environment);
    const xdg = environment.get("XDG_CONFIG_HOME") ?? `${home}/.config`;
    return [`${home}/.git-credentials`, `${xdg}/git/credentials`];
  },
  find: (text) => text.split(/\r?\n/).map(hostOfSecret).filter((host) => host !== undefined),
};

/**
 * The host of a URL that has a password in it. What comes before the last `@` of the line is never shown:
 * in an address that was written by hand, a password may have `/`, `?` or `#` in it.
 */
function hostOfSecret(line: string): string | undefined {
  const [, authority = "", rest = ""] = /^[a-z][\w+.-]*:\/\/([^/?#]*)(.*)$/is.exec(line.trim()) ??
    [];
  const at = authority.lastIndexOf("@");
  const password = /:(.+)$/s.exec(authority.slice(0, Math.max(0, at)))?.[1];
  if (password === undefined) return undefined;
  return rest.includes("@") ? "a line that is no URL" : authority.slice(at + 1) || "a file";
}
