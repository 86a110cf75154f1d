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

/** The host of a URL that has a password in it. What comes before the last `@` is never shown. */
function hostOfSecret(line: string): string | undefined {
  const authority = /^[a-z][\w+.-]*:\/\/([^/?#]*)/i.exec(line.trim())?.[1] ?? "";
  const at = authority.lastIndexOf("@");
  const password = /:(.+)$/s.exec(authority.slice(0, Math.max(0, at)))?.[1];
  return password === undefined ? undefined : authority.slice(at + 1) || "a file";
}
