import { FobError } from "../errors.ts";
import { present } from "../present.ts";
import type { Platform, PlatformWorkloads, WorkloadMethod } from "../providers/platform.ts";
import type { SignInTarget } from "../providers/provider.ts";
import type { IdentitySource } from "../providers/workload_identity.ts";
import { Secret } from "../secret.ts";
import type { Environment } from "../system/environment.ts";
import { hostIn } from "./host_variable.ts";

/** A workload sign-in from environment variables: a new token for each run, and nothing is stored. */
export interface WorkloadChoice {
  readonly kind: "workload";
  /** The variable that selects it. */
  readonly source: string;
  readonly provider: string;
  /** The host and the client, with the client secret unless `identity` is set. */
  readonly target: SignInTarget & { readonly host: string };
  readonly identity?: IdentitySource;
  /** The audience of the identity token. If absent, the host's metadata names it. */
  readonly audience?: string;
}

/** What is used without a workload sign-in. */
export interface Otherwise {
  /** Whether a profile is chosen. */
  readonly isLogin: boolean;
  /** The host of that profile. */
  readonly host?: string;
}

/** The variable that a CI service sets in every job, and the method that its jobs can use. */
const jobs: Readonly<Record<string, WorkloadMethod["kind"]>> = {
  GITHUB_ACTIONS: "github",
  TF_BUILD: "azure",
  GITLAB_CI: "variable",
};

/** The variables that let a job request an identity token from its CI service. */
const jobVariables = {
  github: "ACTIONS_ID_TOKEN_REQUEST_URL",
  azure: "SYSTEM_ACCESSTOKEN",
} as const;

type Read = (name: string) => string | undefined;

/**
 * Returns how the environment signs a workload in to `platform`: the method selected by name, otherwise the first
 * with all its variables set. If no profile is chosen either, returns the method of the CI service, which then
 * reports what the job lacks. Returns `undefined` if no method applies.
 *
 * @throws {FobError} `usage` if a variable that the selected method needs is not set.
 */
export function chooseWorkload(
  { id, workloads, variables, host: only }: Platform,
  environment: Environment,
  otherwise: Otherwise,
): WorkloadChoice | undefined {
  if (workloads === undefined) return undefined;
  // A CI service sets the variable of a missing secret to an empty string.
  const get: Read = (name) => environment.get(name)?.trim() || undefined;
  const found = findMethod(workloads, get, otherwise);
  if (found === undefined) return undefined;
  const { method, source } = found;
  const named = workloads.host === undefined
    ? hostIn(variables ?? {}, environment)
    : get(workloads.host);
  const host = named ?? otherwise.host ?? only;
  if (host === undefined) throw lacking(source, workloads.host ?? "a host");
  const { scopes } = workloads;
  const [clientId, accountId, audience] = [
    workloads.clientId,
    workloads.accountId,
    workloads.audience,
  ]
    .map((name) => name === undefined ? undefined : get(name));
  return {
    kind: "workload",
    source,
    provider: id,
    target: {
      host,
      ...present({ clientId, accountId, scopes }),
      ...(method.kind === "secret" ? { clientSecret: secretOf(method.secret, source, get) } : {}),
    },
    ...(method.kind === "secret" ? {} : { identity: identityOf(method, source, get) }),
    ...present({ audience }),
  };
}

interface Found {
  readonly method: WorkloadMethod;
  /** The variable that selects it. */
  readonly source: string;
}

function findMethod(
  workloads: PlatformWorkloads,
  get: Read,
  { isLogin }: Otherwise,
): Found | undefined {
  const { choice, methods, clientId, host } = workloads;
  const named = choice === undefined ? undefined : get(choice);
  if (choice !== undefined && named !== undefined) {
    const method = methods.find(({ name }) => name === named);
    return method && { method, source: choice };
  }
  for (const method of methods) {
    const source = decidingVariable(method, workloads, get);
    if (source !== undefined) return { method, source };
  }
  const isHere = host === undefined || get(host) !== undefined;
  if (isLogin || !isHere || get(clientId) === undefined) return undefined;
  const mark = Object.keys(jobs).find((name) => get(name)?.toLowerCase() === "true");
  const method = methods.find(({ kind }) => mark !== undefined && kind === jobs[mark]);
  if (method !== undefined) return { method, source: clientId };
  throw lacking(clientId, methods.map(firstVariable).join(" or "));
}

/** Returns the variable that selects `method`, or `undefined` if one of its variables is not set. */
function decidingVariable(
  method: WorkloadMethod,
  { clientId, host }: PlatformWorkloads,
  get: Read,
): string | undefined {
  const isSet = (name: string): boolean => get(name) !== undefined;
  switch (method.kind) {
    case "secret":
      return isSet(clientId) && isSet(method.secret) ? clientId : undefined;
    case "variable":
      return [get(method.namedBy) ?? method.variable].find(isSet);
    case "file":
      return method.paths.find(isSet);
    default:
      // Many jobs can request an identity token; only one with a host uses this platform.
      return host !== undefined && isSet(host) && isSet(jobVariables[method.kind])
        ? jobVariables[method.kind]
        : undefined;
  }
}

/** The variable that a user sets for `method`. */
function firstVariable(method: WorkloadMethod): string {
  switch (method.kind) {
    case "secret":
      return method.secret;
    case "variable":
      return method.variable;
    case "file":
      return method.paths[0];
    default:
      return jobVariables[method.kind];
  }
}

function secretOf(name: string, source: string, get: Read): Secret {
  const secret = get(name);
  if (secret === undefined) throw lacking(source, name);
  return new Secret(secret);
}

function identityOf(
  method: Exclude<WorkloadMethod, { kind: "secret" }>,
  source: string,
  get: Read,
): IdentitySource {
  if (method.kind === "variable") {
    return { kind: "variable", name: get(method.namedBy) ?? method.variable };
  }
  if (method.kind !== "file") return { kind: method.kind };
  const path = method.paths.map(get).find((value) => value !== undefined);
  if (path === undefined) throw lacking(source, method.paths[0]);
  return { kind: "file", path };
}

function lacking(source: string, missing: string): FobError {
  const message = `${source} selects a workload sign-in, but ${missing} is not set`;
  return new FobError("usage", message, { facts: { option: `${missing}, or unset ${source}` } });
}
