import assert from "node:assert/strict";
import { listClusters, listWorkspaces } from "../../../../src/providers/databricks/lists.ts";
import { Secret } from "../../../../src/secret.ts";
import { fitCluster } from "../../../fakes/servers/databricks_api.ts";
import {
  type DatabricksOptions,
  DatabricksServer,
} from "../../../fakes/servers/databricks_server.ts";

const options = { fetch, version: "0.0.0" };

/** Runs `work` with a host and a token of ada@example.com. */
async function atHost(
  settings: DatabricksOptions,
  work: (server: DatabricksServer, token: Secret) => Promise<void>,
): Promise<void> {
  const server = new DatabricksServer(settings);
  try {
    await work(server, new Secret(server.addToken().value));
  } finally {
    await server.close();
  }
}

Deno.test("listClusters reads all pages and returns clusters that can run the user's code", async () => {
  await atHost({}, async (server, token) => {
    const of = (id: string, more: object): object => ({ ...fitCluster(id), ...more });
    server.clusters = [
      fitCluster("shared"),
      of("job", { cluster_source: "JOB" }),
      of("pipeline", { cluster_source: "PIPELINE" }),
      of("mine", { data_security_mode: "SINGLE_USER", single_user_name: "ada@example.com" }),
      of("theirs", { data_security_mode: "SINGLE_USER", single_user_name: "bob@example.com" }),
      of("open", { data_security_mode: "NONE" }),
      of("first", { spark_version: "13.1.x-scala2.12" }),
      of("old", { spark_version: "13.0.x-scala2.12" }),
      of("snapshot", { spark_version: "16.x-snapshot-scala2.13" }),
      of("strange", { spark_version: "custom:image" }),
      of("evil\n[x]", {}),
    ] as typeof server.clusters;
    const { origin: host } = server.host;
    const found = await listClusters({ host }, token, options);
    assert.deepEqual(found.map(({ id }) => id), ["shared", "mine", "first", "snapshot"]);
    assert.equal(found[0]?.name, "cluster shared");
    assert.equal(server.count("clusters"), 6);
  });
});

Deno.test("listWorkspaces returns ids and names, or the error of the server", async () => {
  const workspaces = { "11": "analytics", "12": "billing" };
  await atHost({ type: "unified", workspaces }, async (server, token) => {
    const { origin: host, accountId } = server.host;
    const found = await listWorkspaces({ host, accountId }, token, options);
    assert.deepEqual(found, [{ id: "11", name: "analytics" }, { id: "12", name: "billing" }]);
    const other = listWorkspaces({ host, accountId: "a/b" }, token, options);
    await assert.rejects(other, /answered HTTP 404/);
    await server.fault("workspaces", "403");
    await assert.rejects(listWorkspaces({ host, accountId }, token, options), /HTTP 403/);
  });
});
