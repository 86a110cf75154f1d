import { equal, match } from "node:assert/strict";
import { present } from "../../src/present.ts";
import { fitCluster } from "../fakes/servers/databricks_api.ts";
import { DatabricksServer } from "../fakes/servers/databricks_server.ts";
import { missingRigs } from "../rigs/rigs.ts";
import { openScreen, type Screen } from "./runner/screen.ts";

const isMissing = (await missingRigs()).includes("terminal");
const ignore = isMissing && Deno.env.get("FOB_RIGS") !== "required";

const file = ".databrickscfg";
const browser = {
  BROWSER: `${import.meta.dirname}/runner/browser`,
  FOB_TEST_DENO: Deno.execPath(),
};

/** Runs fob under Databricks' own name. */
function run(screen: Screen, ...args: readonly string[]): Promise<void> {
  return screen.run(args, browser, { name: "databricks" });
}

const two = { "7405600000000001": "analytics", "7405600000000002": "billing" };

/** Starts a host of an account with `workspaces` and two clusters. */
function openServer(workspaces?: Record<string, string>): DatabricksServer & AsyncDisposable {
  const server = new DatabricksServer({
    type: "unified",
    ...present({ workspaces }),
  });
  server.clusters = [fitCluster("c-1"), fitCluster("c-2")];
  return Object.assign(server, { [Symbol.asyncDispose]: () => server.close() });
}

Deno.test({
  name: "databricks auth login asks for the name, the workspace and the cluster",
  ignore,
  fn: async () => {
    await using server = openServer(two);
    await using screen = await openScreen();
    const { origin } = server.host;
    await run(screen, "auth", "login", "--host", origin, "--configure-cluster");
    await screen.waitFor(/Databricks profile name/);
    await screen.waitFor(/127\.0\.0\.1-\d+/);
    await screen.press("C-u");
    await screen.type("team");
    await screen.press("Enter");
    await screen.waitFor(/Select a workspace/);
    await screen.waitFor(/Skip \(account-level access only\)/);
    await screen.press("Down", "Enter");
    await screen.waitFor(/Choose compatible cluster/);
    await screen.press("Down", "Enter");
    await screen.waitFor(/^Profile team was successfully saved$/m);
    await screen.ends(0);
    const text = await screen.file(file);
    match(text, /^workspace_id = 7405600000000002$/m);
    match(text, /^cluster_id = c-2$/m);
    // The login is kept if the cluster prompt is cancelled.
    await run(screen, "auth", "login", "--profile", "team", "--configure-cluster");
    await screen.waitFor(/Choose compatible cluster/);
    await screen.press("C-c");
    await screen.waitFor(/^Error: Cancelled; profile team is saved$/m);
    await screen.ends(130);
  },
});

Deno.test({
  name: "databricks auth login and auth token prompt for a profile",
  ignore,
  fn: async () => {
    await using server = openServer(two);
    await using screen = await openScreen();
    const { origin, accountId } = server.host;
    const profile = (name: string): string =>
      `[${name}]\nhost = ${origin}\naccount_id = ${accountId}\nworkspace_id = 7\n`;
    await Deno.writeTextFile(`${screen.home}/${file}`, profile("one") + profile("two"));
    await run(screen, "auth", "login");
    await screen.waitFor(/Select a profile to log in to/);
    await screen.waitFor(/\+ Create a new profile/);
    await screen.press("Down", "Enter");
    await screen.waitFor(/^Profile two was successfully saved$/m);
    await screen.ends(0);
    // The workspace is known, so there is no prompt for it.
    equal(server.count("workspaces"), 0);
    await run(screen, "auth", "token");
    await screen.waitFor(/Select a profile/);
    await screen.press("Down", "Enter");
    await screen.waitFor(/"access_token": "at-/);
    await screen.ends(0);
    await run(screen, "auth", "token");
    await screen.waitFor(/Select a profile/);
    await screen.press("C-c");
    await screen.ends(130);
  },
});

Deno.test({
  name: "databricks auth login prompts for a host, and selects the only workspace",
  ignore,
  fn: async () => {
    await using server = openServer();
    await using screen = await openScreen();
    await Deno.writeTextFile(`${screen.home}/${file}`, "[one]\nhost = https://one.example\n");
    await run(screen, "auth", "login");
    await screen.waitFor(/Enter a host URL manually/);
    await screen.press("Down", "Down", "Enter");
    await screen.waitFor(/Databricks host/);
    await screen.type(server.host.origin);
    await screen.press("Enter");
    await screen.waitFor(/Databricks profile name/);
    await screen.press("Enter");
    await screen.waitFor(/^Auto-selected workspace "analytics" \(7405600000000001\)$/m);
    await screen.ends(0);
    match(await screen.file(file), /^workspace_id = 7405600000000001$/m);
  },
});
