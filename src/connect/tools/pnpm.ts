import { FobError } from "../../errors.ts";
import { pathIn } from "../../text/home.ts";
import { commandLine } from "../../text/shell_quote.ts";
import type { Change, ConnectRequest, Tool } from "../tool.ts";

/**
 * Pnpm: `//host/:tokenHelper` in the person's own `.npmrc`, as that of a project cannot name one
 * ("Authentication settings" in pnpm's documentation). It is the path of a program that gets no words: so
 * there is one for each profile.
 */
export const pnpm: Tool = {
  tool: "pnpm",
  needsProfile: true,
  connect: (wish): Change[] => {
    const { origins, environment, system } = wish;
    const path = pathIn(
      ["npm_config_userconfig", "NPM_CONFIG_USERCONFIG"],
      "~/.npmrc",
      environment,
      system,
    );
    const helper = tokenHelper(wish);
    assertFileName(wish.profile);
    assertOneWord(helper.path);
    return [
      { kind: "file", ...helper, runs: true },
      {
        kind: "settings",
        path,
        format: "lines",
        edits: () =>
          origins.map((origin) => ({
            key: [`//${new URL(origin).host}/:tokenHelper`],
            value: helper.path,
          })),
      },
    ];
  },
};

/** Databricks' file has profiles of any name, which would lead elsewhere. */
function assertFileName(profile = ""): void {
  if (/^[^/\\"%]*$/.test(profile)) return;
  throw new FobError(
    "declined",
    `"${profile}" cannot be a part of the name of pnpm's token helper`,
  );
}

/** Pnpm gives the path to a shell as it is, and takes no path in quotes (its network/auth-header). */
function assertOneWord(path: string): void {
  if (/^[\p{L}\p{M}\p{N}_@+=:,./\\~-]+$/u.test(path)) return;
  throw new FobError(
    "declined",
    "pnpm cannot run a token helper whose path has a space or a sign of its shell in it: " +
      `"${path}"`,
  );
}

function tokenHelper({ fob, folder, profile = "", system }: ConnectRequest): {
  path: string;
  text: string;
} {
  if (system === "windows") {
    const text = `@"${fob}" helper pnpm --profile "${profile}"\r\n`;
    return { path: `${folder}\\pnpm-${profile}.cmd`, text };
  }
  const command = commandLine([fob, "helper", "pnpm", "--profile", profile], false);
  return { path: `${folder}/pnpm-${profile}`, text: `#!/bin/sh\nexec ${command}\n` };
}
