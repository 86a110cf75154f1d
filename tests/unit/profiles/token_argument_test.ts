import { deepEqual, rejects } from "node:assert/strict";
import { readProfiles } from "../../../src/profiles/profile_file.ts";
import { chooseTokenArgument, findTokenPlace } from "../../../src/profiles/token_argument.ts";
import { platforms } from "../../../src/providers/platforms.ts";
import { Secret } from "../../../src/secret.ts";
import { environmentOf } from "../../fakes/machine/environment.ts";
import { noWorkingDirectory } from "../../fakes/machine/working_directory.ts";
import { MemoryUserFile } from "../../fakes/machine/memory_user_file.ts";

const file = "[work]\nprovider = oauth\nhost = https://api.example\n[bare]\nprovider = token\n";

function needs(variables: Record<string, string> = {}): Parameters<typeof findTokenPlace>[1] {
  return {
    environment: environmentOf(variables),
    platforms,
    profiles: () => readProfiles(new MemoryUserFile(file)),
    workingDirectory: noWorkingDirectory,
  };
}

Deno.test("a token passed for one run is for the given host or profile", async () => {
  const places: [string, unknown][] = [
    ["api.example.com", { host: "https://api.example.com" }],
    ["https://dbc-1.cloud.databricks.com", {
      host: "https://dbc-1.cloud.databricks.com",
      provider: "databricks",
    }],
    ["work", { host: "https://api.example", provider: "oauth" }],
    ["bare", { provider: "token" }],
  ];
  for (const [named, place] of places) {
    deepEqual(await findTokenPlace(named, needs({ API_HOST: "https://other" })), place);
  }
  await rejects(findTokenPlace("missing", needs()), { code: "unknown_profile" });
});

Deno.test("findTokenPlace without a host or profile uses the environment", async () => {
  deepEqual(await findTokenPlace(undefined, needs()), {});
  const host = "https://dbc.example";
  deepEqual(await findTokenPlace(undefined, needs({ DATABRICKS_HOST: host })), {
    provider: "databricks",
    host,
  });
  deepEqual(await findTokenPlace(undefined, needs({ API_HOST: host, DATABRICKS_HOST: "x" })), {
    host,
  });
});

Deno.test("a token passed for a platform with JWTs must be a JWT", async () => {
  await rejects(
    chooseTokenArgument(new Secret("no-jwt"), "--token-file", { provider: "astro" }, needs()),
    {
      code: "usage",
      message: "--token-file is not a valid JSON Web Token (JWT)",
    },
  );
});
