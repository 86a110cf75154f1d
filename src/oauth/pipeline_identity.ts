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

/** A service whose jobs can ask it who they are. */
interface Pipeline {
  readonly name: string;
  /** The fact that hints go by. */
  readonly ci: string;
  /** The variable that is set in each of its jobs, to `true` or `True`. */
  readonly mark: string;
}

const github: Pipeline = { name: "GitHub Actions", ci: "github", mark: "GITHUB_ACTIONS" };
const azure: Pipeline = { name: "Azure Pipelines", ci: "azure", mark: "TF_BUILD" };

/**
 * The identity token of a GitHub Actions job, for `audience`, or for whom GitHub chooses. It has the
 * variables only with the permission `id-token: write`.
 *
 * Throws `not_signed_in` where they are not set, with the fact `ci` in such a job; `provider_refused`,
 * `provider_unreachable` or `provider_answer_invalid` for what is answered.
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
  return await ask(github, { url, method: "GET", bearer, member: "value" }, needs);
}

/**
 * The identity token of an Azure Pipelines job, whose audience is always `api://AzureADTokenExchange`: the
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
  return await ask(azure, { url, method: "POST", bearer, member: "oidcToken" }, needs);
}

function requireVariables(pipeline: Pipeline, names: readonly string[], get: ReadVariable): void {
  const missing = names.filter((name) => textOf(name, get) === "");
  if (missing.length === 0) return;
  const { name, ci, mark } = pipeline;
  const isHere = get(mark)?.toLowerCase() === "true";
  const job = isHere ? `This job of ${name}` : `This is no job of ${name}: it`;
  const message = `${job} has no ${missing.join(", ")}`;
  throw new FobError("not_signed_in", message, isHere ? { facts: { ci } } : {});
}

/** What a variable holds. Azure Pipelines leaves a macro as it stands where there is nothing for it. */
function textOf(name: string, get: ReadVariable): string {
  const text = get(name)?.trim() ?? "";
  return /^\$\(.*\)$/.test(text) ? "" : text;
}

/** Throws where a variable holds what no header can. */
function requireBearer({ name, ci }: Pipeline, variable: string, get: ReadVariable): Secret {
  const bearer = new Secret(textOf(variable, get));
  if (/^[\x21-\x7e]+$/.test(bearer.reveal())) return bearer;
  const message = `What this job of ${name} has in ${variable} is no token`;
  throw new FobError("not_signed_in", message, { facts: { ci } });
}

interface Question {
  readonly url: URL;
  readonly method: "GET" | "POST";
  readonly bearer: Secret;
  /** The member of the answer that is the token. */
  readonly member: string;
}

async function ask(
  { name, ci }: Pipeline,
  { url, method, bearer, member }: Question,
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
    const message = `${name} refused the job an identity token with HTTP ${status}`;
    throw new FobError("provider_refused", message, { facts: { ci } });
  }
  const read = async (it: Response): Promise<Secret> => readMember(await it.json(), member);
  return await readAnswer(`The identity token endpoint of ${name}`, response, read, [bearer]);
}

function readMember(answer: unknown, member: string): Secret {
  const value = objectOf(answer)[member];
  if (typeof value !== "string") throw new TypeError(`"${member}" is no string`);
  const fault = identityTokenFault(value);
  if (fault !== undefined) throw new TypeError(`"${member}" ${fault}`);
  return new Secret(value);
}
