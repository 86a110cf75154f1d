import { readAnswer } from "../../oauth/answer.ts";
import { boundedFetch, type BoundedFetchOptions } from "../../oauth/http.ts";
import { present } from "../../present.ts";
import type { Secret } from "../../secret.ts";
import { type JsonObject, objectOf } from "../../text/json_object.ts";
import { foreignText } from "../../text/printable.ts";

/** One of several things of a host that a person chooses from. */
interface Listed {
  readonly id: string;
  readonly name: string;
}

/** Where to look. */
interface ListPlace {
  readonly host: string;
  readonly accountId?: string;
  readonly workspaceId?: string;
}

/** The pages that are asked for before a host is taken to have too many. */
const mostPages = 20;

/** The workspaces of an account. Throws `provider_refused` where the person may not see them. */
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
 * The clusters on which the person's own code can run, as Databricks' CLI chooses them for Databricks Connect
 * (libs/databrickscfg/cfgpickers/clusters.go): of a runtime of 13.1 or later, made by a person or a program of
 * theirs, shared or assigned to this very person.
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

/** What made the clusters that belong to something else. */
const made = ["JOB", "MODELS", "PIPELINE", "PIPELINE_MAINTENANCE", "SQL"];

function isFit(cluster: JsonObject, me: unknown): boolean {
  const { cluster_source: source, data_security_mode: mode, single_user_name: user } = cluster;
  const isShared = mode === "USER_ISOLATION" || mode === "SINGLE_USER";
  const isTheirs = typeof user === "string" && user !== "" && user !== me;
  return isShared && !isTheirs && !made.includes(String(source)) &&
    isRecent(String(cluster["spark_version"]));
}

/** Whether a runtime such as `15.4.x-scala2.12` is of 13.1 or later. */
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

/** Ids are numbers or texts that can stand in a profile. */
function named(id: unknown, name: unknown): Listed[] {
  if (typeof id !== "number" && (typeof id !== "string" || !/^[\w-]+$/.test(id))) return [];
  return [{ id: String(id), name: typeof name === "string" ? foreignText(name) : String(id) }];
}
