import { readAnswer } from "../../oauth/answer.ts";
import { boundedFetch, type BoundedFetchOptions } from "../../oauth/http.ts";
import { present } from "../../present.ts";
import type { Secret } from "../../secret.ts";
import { type JsonObject, objectOf } from "../../text/json_object.ts";
import { foreignText } from "../../text/printable.ts";

/** An item of a list that a user chooses from. */
interface Listed {
  readonly id: string;
  readonly name: string;
}

/** The host, account and workspace of a list. */
interface ListPlace {
  readonly host: string;
  readonly accountId?: string;
  readonly workspaceId?: string;
}

/** The maximum number of pages to request. */
const mostPages = 20;

/** Lists the workspaces of an account. Throws `provider_refused` if the user may not list them. */
export async function listWorkspaces(
  { host, accountId = "" }: ListPlace,
  token: Secret,
  options: BoundedFetchOptions,
): Promise<Listed[]> {
  const path = `/api/2.0/accounts/${encodeURIComponent(accountId)}/workspaces`;
  const found = await ask(new URL(path, host), token, {}, options);
  return objectsOf(found).flatMap(({ workspace_id: id, workspace_name: name }) => named(id, name));
}

/**
 * Lists the clusters that can run the user's code, with the filter of Databricks' CLI for Databricks Connect
 * (libs/databrickscfg/cfgpickers/clusters.go):
 *
 * - runtime 13.1 or later
 * - not created by a job, a pipeline or another service
 * - shared, or assigned to this user
 */
export async function listClusters(
  { host, workspaceId }: ListPlace,
  token: Secret,
  options: BoundedFetchOptions,
): Promise<Listed[]> {
  const headers = present({ "x-databricks-workspace-id": workspaceId });
  const me = objectOf(
    await ask(new URL("/api/2.0/preview/scim/v2/Me", host), token, headers, options),
  );
  const found: Listed[] = [];
  let page: unknown;
  for (let count = 0; count < mostPages; count++) {
    const url = new URL("/api/2.1/clusters/list", host);
    if (typeof page === "string") url.searchParams.set("page_token", page);
    const answer = objectOf(await ask(url, token, headers, options));
    const own = objectsOf(answer["clusters"]).filter((cluster) => isFit(cluster, me["userName"]));
    found.push(...own.flatMap(({ cluster_id: id, cluster_name: name }) => named(id, name)));
    page = answer["next_page_token"];
    if (typeof page !== "string" || page === "") break;
  }
  return found;
}

/** The values of `cluster_source` for clusters that a service created. */
const made = ["JOB", "MODELS", "PIPELINE", "PIPELINE_MAINTENANCE", "SQL"];

function isFit(cluster: JsonObject, me: unknown): boolean {
  const { cluster_source: source, data_security_mode: mode, single_user_name: user } = cluster;
  const isShared = mode === "USER_ISOLATION" || mode === "SINGLE_USER";
  const isTheirs = typeof user === "string" && user !== "" && user !== me;
  return isShared && !isTheirs && !made.includes(String(source)) &&
    isRecent(String(cluster["spark_version"]));
}

/** Whether a runtime such as `15.4.x-scala2.12` is 13.1 or later. */
function isRecent(version: string): boolean {
  const [, major = "0", minor = "0"] = /^(\d+)(?:\.(\d+))?\.x-/.exec(version) ?? [];
  return Number(major) > 13 || (Number(major) === 13 && Number(minor) >= 1);
}

async function ask(
  url: URL,
  token: Secret,
  headers: Readonly<Record<string, string>>,
  options: BoundedFetchOptions,
): Promise<unknown> {
  const response = await boundedFetch(options)(url.href, {
    headers: {
      ...headers,
      accept: "application/json",
      authorization: `Bearer ${token.reveal()}`,
    },
  });
  const what = `"${foreignText(url.origin)}"`;
  return await readAnswer(what, response, async (it): Promise<unknown> => await it.json(), [token]);
}

function objectsOf(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.map(objectOf) : [];
}

/** Accepts only ids that a profile can contain: numbers, and words without special characters. */
function named(id: unknown, name: unknown): Listed[] {
  if (typeof id !== "number" && (typeof id !== "string" || !/^[\w-]+$/.test(id))) return [];
  return [{ id: String(id), name: typeof name === "string" ? foreignText(name) : String(id) }];
}
