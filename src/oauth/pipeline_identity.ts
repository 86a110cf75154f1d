import { FobError } from "../errors.ts";
import { Secret } from "../secret.ts";
import { objectOf } from "../text/json_object.ts";
import { readAnswer } from "./answer.ts";
import type { BoundedFetch } from "./http.ts";
import { requireSecureUrl } from "./secure_url.ts";
import { identityTokenFault, type ReadVariable } from "./workload_identity.ts";

export interface PipelineNeeds {
  readonly get: ReadVariable;
  readonly fetch: BoundedFetch;
  readonly signal?: AbortSignal;
}

/** A CI service that issues identity tokens to its jobs. */
interface Pipeline {
  readonly name: string;
  /** The value of the fact `ci`, which selects the hint. */
  readonly ci: string;
  /** The variable that the service sets in each job, to `true` or `True`. */
  readonly mark: string;
}

const github: Pipeline = { name: "GitHub Actions", ci: "github", mark: "GITHUB_ACTIONS" };
const azure: Pipeline = { name: "Azure Pipelines", ci: "azure", mark: "TF_BUILD" };

/**
 * The identity token of a GitHub Actions job for `audience`, by default GitHub's own default audience.
 * GitHub sets the variables only in a job with the permission `id-token: write`.
 *
 * Throws `not_signed_in` if they are not set, with the fact `ci` in such a job; `provider_refused`,
 * `provider_unreachable` or `provider_answer_invalid` for a failed request.
 */
export async function githubActionsIdentity(
  audience: string | undefined,
  needs: PipelineNeeds,
): Promise<Secret> {
  const address = "ACTIONS_ID_TOKEN_REQUEST_URL";
  const token = "ACTIONS_ID_TOKEN_REQUEST_TOKEN";
  requireVariables(github, [address, token], needs.get);
  const url = requireSecureUrl(textOf(address, needs.get), address);
  if (audience !== undefined) url.searchParams.set("audience", audience);
  const bearer = requireBearer(github, token, needs.get);
  return await requestToken(github, { url, method: "GET", bearer, member: "value" }, needs);
}

/**
 * The identity token of an Azure Pipelines job. Its audience is always `api://AzureADTokenExchange`. Uses the
 * REST API "Oidctoken - Create" of Distributed Task. Throws as {@link githubActionsIdentity} does.
 */
export async function azurePipelinesIdentity(needs: PipelineNeeds): Promise<Secret> {
  const collection = "SYSTEM_TEAMFOUNDATIONCOLLECTIONURI";
  const token = "SYSTEM_ACCESSTOKEN";
  const parts = ["SYSTEM_TEAMPROJECTID", "SYSTEM_HOSTTYPE", "SYSTEM_PLANID", "SYSTEM_JOBID"];
  requireVariables(azure, [collection, ...parts, token], needs.get);
  const url = requireSecureUrl(textOf(collection, needs.get), collection);
  const [project, hub, plan, job] = parts.map((name) =>
    encodeURIComponent(textOf(name, needs.get))
  );
  const tasks = `${project}/_apis/distributedtask/hubs/${hub}/plans/${plan}/jobs/${job}`;
  url.pathname = `${url.pathname.replace(/\/*$/, "")}/${tasks}/oidctoken`;
  url.search = "?api-version=7.2-preview.1";
  const bearer = requireBearer(azure, token, needs.get);
  return await requestToken(azure, { url, method: "POST", bearer, member: "oidcToken" }, needs);
}

function requireVariables(pipeline: Pipeline, names: readonly string[], get: ReadVariable): void {
  const missing = names.filter((name) => textOf(name, get) === "");
  if (missing.length === 0) return;
  const { name, ci, mark } = pipeline;
  const isHere = get(mark)?.toLowerCase() === "true";
  const job = isHere ? `Not set in this ${name} job` : `This is not a ${name} job, which sets`;
  const message = `${job}: ${missing.join(", ")}`;
  throw new FobError("not_signed_in", message, isHere ? { facts: { ci } } : {});
}

/** The value of a variable; empty for a macro, which Azure Pipelines leaves in place if it has no value. */
function textOf(name: string, get: ReadVariable): string {
  const text = get(name)?.trim() ?? "";
  return /^\$\(.*\)$/.test(text) ? "" : text;
}

/** The token in a variable. Throws `not_signed_in` if it cannot be sent in a header. */
function requireBearer({ name, ci }: Pipeline, variable: string, get: ReadVariable): Secret {
  const bearer = new Secret(textOf(variable, get));
  if (/^[\x21-\x7e]+$/.test(bearer.reveal())) return bearer;
  const message = `${variable} in this ${name} job is not a valid token`;
  throw new FobError("not_signed_in", message, { facts: { ci } });
}

interface IdentityRequest {
  readonly url: URL;
  readonly method: "GET" | "POST";
  readonly bearer: Secret;
  /** The member of the response that contains the token. */
  readonly member: string;
}

async function requestToken(
  { name, ci }: Pipeline,
  { url, method, bearer, member }: IdentityRequest,
  { fetch, signal }: PipelineNeeds,
): Promise<Secret> {
  const headers = {
    accept: "application/json",
    authorization: `Bearer ${bearer.reveal()}`,
    ...(method === "POST" ? { "content-type": "application/json" } : {}),
  };
  const response = await fetch(url.href, { method, headers, signal });
  const { status } = response;
  if (status >= 400 && status < 500 && status !== 429) {
    const message = `${name} refused to issue an identity token: HTTP ${status}`;
    throw new FobError("provider_refused", message, { facts: { ci } });
  }
  const read = async (it: Response): Promise<Secret> => readMember(await it.json(), member);
  return await readAnswer(`The identity token endpoint of ${name}`, response, read, [bearer]);
}

function readMember(answer: unknown, member: string): Secret {
  const value = objectOf(answer)[member];
  if (typeof value !== "string") throw new TypeError(`"${member}" is not a string`);
  const fault = identityTokenFault(value);
  if (fault !== undefined) throw new TypeError(`"${member}" ${fault}`);
  return new Secret(value);
}
