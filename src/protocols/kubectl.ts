import { FobError } from "../errors.ts";
import { objectOf } from "../text/json_object.ts";
import { headerToken } from "./authorization.ts";
import { expiryTime } from "./expiry.ts";
import { readObject, stringIn } from "./input.ts";
import {
  type Answer,
  type Call,
  type CredentialQuery,
  getRequest,
  type HandedOutToken,
  type Protocol,
  type Reply,
  type Request,
  stderrFailure,
  stdoutReply,
} from "./protocol.ts";
import { targetOfUrl } from "./target.ts";

const variable = "KUBERNETES_EXEC_INFO";

/** Milliseconds after which a repeated call no longer means that the server returned 401. */
const retryWindow = 60_000;

/**
 * The exec credential plugins of client-go, `client.authentication.k8s.io`: "Authenticating" in the
 * Kubernetes documentation, and `plugin/pkg/client/auth/exec/exec.go`; run with kubectl 1.32. It has no
 * arguments. The request is in the environment, and names the server only if the kubeconfig sets
 * `provideClusterInfo`. After a 401 client-go runs the plugin once more, without a reason, and uses the new token
 * for its next request. Otherwise it runs the plugin once per process.
 */
export const kubectl: Protocol = {
  variables: [variable],
  isRetry,
  readsInput: () => false,
  parse,
  fail: stderrFailure,
};

const group = "client.authentication.k8s.io";

/** They have the same response for a token. A client accepts only the requested version. */
const versions: readonly string[] = ["v1", "v1beta1", "v1alpha1"].map((it) => `${group}/${it}`);

/** The version for clients before 1.20, which send no request. */
const oldest = `${group}/v1beta1`;

function parse({ environment }: Call): Request {
  const text = environment[variable] ?? "";
  const { apiVersion, asked } = text.trim() === ""
    ? { apiVersion: oldest, asked: {} }
    : readExecCredential(text);
  const write = (answer: Answer): Reply =>
    stdoutReply(`${formatExecCredential(apiVersion, answer)}\n`);
  const message = "No credential for this cluster";
  return getRequest(asked, write, stderrFailure(message));
}

function readExecCredential(text: string): { apiVersion: string; asked: CredentialQuery } {
  const { kind, apiVersion, spec } = readObject(text);
  const version = versions.find((it) => it === apiVersion);
  if (kind !== "ExecCredential" || version === undefined) {
    throw new FobError("usage", `${variable} is not an ExecCredential of a supported version`);
  }
  const server = stringIn(objectOf(objectOf(spec)["cluster"])["server"]);
  if (server === undefined) return { apiVersion: version, asked: {} };
  const target = targetOfUrl(server);
  if (target === undefined) throw new FobError("usage", "The cluster's server is not https");
  return { apiVersion: version, asked: { target } };
}

/** Client-go adds `Bearer` itself. */
function formatExecCredential(apiVersion: string, answer: Answer): string {
  const status = {
    token: headerToken(answer),
    expirationTimestamp: expiryTime(answer.expiresAt),
  };
  return JSON.stringify({ apiVersion, kind: "ExecCredential", status });
}

/** Client-go caches a token until it expires, so only a 401 makes it request the same token again. */
function isRetry(last: HandedOutToken, now: HandedOutToken): boolean {
  const age = now.at - last.at;
  return last.callerPid === now.callerPid && last.token === now.token && age >= 0 &&
    age < retryWindow;
}
