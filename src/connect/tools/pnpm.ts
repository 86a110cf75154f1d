import { FobError } from "../../errors.ts";
import { pathIn } from "../../text/home.ts";
import { commandLine } from "../../text/shell_quote.ts";
import type { Change, ConnectRequest, Tool } from "../tool.ts";

/**
 * Pnpm: `//host/:tokenHelper` in the user's `.npmrc`, because a project's cannot name a helper
 * ("Authentication settings" in pnpm's documentation). The value is the path of a program without arguments, so
 * each profile has its own program.
 */
export const pnpm: Tool = {
  tool: "pnpm",
  needsProfile: true,
  connect: (request): Change[] => {
    const { origins, environment, system } = request;
    const path = pathIn(
      ["npm_config_userconfig", "NPM_CONFIG_USERCONFIG"],
      "~/.npmrc",
      environment,
      system,
    );
    const helper = tokenHelper(request);
    assertFileName(request.profile);
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

/** Profiles in Databricks' file can have any name, and some would change the path. */
function assertFileName(profile = ""): void {
  if (/^[^/\\"%]*$/.test(profile)) return;
  throw new FobError(
    "declined",
    `The profile name "${profile}" is not valid in the file name of a pnpm token helper`,
  );
}

/** Pnpm passes the path to a shell unquoted and rejects a quoted path (its network/auth-header). */
function assertOneWord(path: string): void {
  if (/^[\p{L}\p{M}\p{N}_@+=:,./\\~-]+$/u.test(path)) return;
  throw new FobError(
    "declined",
    "pnpm cannot run a token helper with spaces or shell characters in its path: " +
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
