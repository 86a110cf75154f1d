import { deepEqual, doesNotMatch, equal, match } from "node:assert/strict";
import { DatabricksServer } from "../fakes/servers/databricks_server.ts";
import { missingRigs } from "../rigs/rigs.ts";
import { openScreen, type Screen } from "./runner/screen.ts";

const isMissing = (await missingRigs()).includes("terminal");
const ignore = isMissing && Deno.env.get("FOB_RIGS") !== "required";

const pasted = "dapi-0123456789";

/** A terminal, and a Databricks host with two personal access tokens. */
async function withHost(
  body: (screen: Screen, server: DatabricksServer) => Promise<void>,
): Promise<void> {
  const server = new DatabricksServer();
  try {
    server.addToken({ comment: "for fob" }, pasted);
    server.addToken({ comment: "for work" });
    await using screen = await openScreen();
    await body(screen, server);
  } finally {
    await server.close();
  }
}

function comments(server: DatabricksServer): string[] {
  return server.liveTokens().map(({ info }) => info.comment.replace(/^fob\/.*/, "fob's own"));
}

Deno.test({
  name:
    "fob without arguments offers a first sign-in, and revokes a pasted token only if it is selected",
  ignore,
  fn: () =>
    withHost(async (screen, server) => {
      await screen.run([], { DATABRICKS_HOST: server.host.origin });
      await screen.waitFor(/No login is set up\. Sign in now\?/);
      await screen.press("Down", "Enter");
      await screen.waitFor(/^Create a token at http:.*\/#setting\/account\/token\./m);
      await screen.waitFor(/Paste the token for "127/);
      await screen.type(pasted);
      await screen.waitFor(/•{15}/);
      await screen.press("Enter");
      await screen.waitFor(/Revoke the pasted one\?[^]*no[^]*for fob[^]*for work/);
      deepEqual(comments(server), ["for fob", "for work", "fob's own"]);
      await screen.press("Down", "Enter");
      await screen.waitFor(/^fob: Revoked the token [\da-f]{8}$/m);
      await screen.waitFor(/^Signed in to "127.*" as ada@example\.com\.$/m);
      await screen.ends(0);
      deepEqual(comments(server), ["for work", "fob's own"]);
      doesNotMatch(await screen.output(), /dapi/);
      equal((await screen.file(".local/state/fob/credentials.json")).includes(pasted), false);
    }),
});

Deno.test({
  name: "Ctrl-C at the token list, or no sign-in, loses nothing",
  ignore,
  fn: () =>
    withHost(async (screen, server) => {
      await screen.run([], {});
      await screen.waitFor(/Sign in now\?[^]*not now/);
      await screen.press("Up", "Enter");
      await screen.ends(0);
      await screen.run(["auth", "login", "--with-token"], { DATABRICKS_HOST: server.host.origin });
      await screen.waitFor(/Paste the token for "127/);
      await screen.type(pasted);
      await screen.press("Enter");
      await screen.waitFor(/Revoke the pasted one\?/);
      await screen.press("C-c");
      await screen.waitFor(/^Signed in to "127/m);
      await screen.ends(0);
      deepEqual(comments(server), ["for fob", "for work", "fob's own"]);
      match(await screen.file(".databrickscfg"), /^auth_type = databricks-cli$/m);
    }),
});
