import { FobError } from "../errors.ts";
import { homeOf } from "./foreign_home.ts";
import { readJsonStrings } from "./json_strings.ts";
import type { Keeper } from "./keeper.ts";
import { shown } from "./profile.ts";

/** The fields of an entry of `auths` that are secrets: cli/config/types/authconfig.go of docker/cli. */
const secretFields: readonly string[] = ["auth", "password", "identitytoken", "registrytoken"];

/** Docker's CLI, which keeps a password per registry where no credential helper is set. */
export const docker: Keeper = {
  tool: "docker",
  paths: (environment) => [
    `${environment.get("DOCKER_CONFIG") ?? `${homeOf(environment)}/.docker`}/config.json`,
  ],
  find: (text, path) => {
    assertJson(text, path);
    return readJsonStrings(text)
      .filter(({ path: [top, , field = "", ...more], value }) =>
        top === "auths" && more.length === 0 && secretFields.includes(field) && value !== ""
      )
      .map(({ path: [, registry = "", field = ""] }) => `${shown(registry)} ${field}`);
  },
};

function assertJson(text: string, path: string): void {
  try {
    JSON.parse(text);
  } catch {
    // The parser's own message would quote the secrets.
    throw new FobError("config_invalid", `Cannot read "${path}": it is not JSON`, {
      facts: { path },
    });
  }
}
