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

/** Milliseconds that a request takes which ends in a 401, and some more. */
const retryWindow = 60_000;

/**
 * The exec credential plugins of client-go, `client.authentication.k8s.io`: "Authenticating" in the
 * Kubernetes documentation, and `plugin/pkg/client/auth/exec/exec.go`; run with kubectl 1.32. There are no
 * words. The request is in the environment, and names the server only where the kubeconfig has
 * `provideClusterInfo`. After a 401 client-go runs the plugin once more, tells it nothing, and sends the new
 * token with its next request: until then it has asked once in the life of a process.
 */
export const kubectl: Protocol = {
  variables: [variable],
  isRetry,
  readsInput: () => false,
  parse,
  fail: stderrFailure,
};

const group = "client.authentication.k8s.io";

/** Which all have the same answer, as far as a token goes. A client takes only the one that it asked for. */
const versions: readonly string[] = ["v1", "v1beta1", "v1alpha1"].map((it) => `${group}/${it}`);

/** What clients speak that ask for nothing: they are older than 1.20. */
const oldest = `${group}/v1beta1`;

function parse({ environment }: Call): Request {
  const text = environment[variable] ?? "";
  const { apiVersion, asked } = text.trim() === ""
    ? { apiVersion: oldest, asked: {} }
    : readExecCredential(text);
  const write = (answer: Answer): Reply =>
    stdoutReply(`${formatExecCredential(apiVersion, answer)}\n`);
  const message = "There is no credential for this cluster";
  return getRequest(asked, write, stderrFailure(message));
}

function readExecCredential(text: string): { apiVersion: string; asked: CredentialQuery } {
  const { kind, apiVersion, spec } = readObject(text);
  const version = versions.find((it) => it === apiVersion);
  if (kind !== "ExecCredential" || version === undefined) {
    throw new FobError("usage", `${variable} asks for no ExecCredential of a version known to fob`);
  }
  const server = stringIn(objectOf(objectOf(spec)["cluster"])["server"]);
  if (server === undefined) return { apiVersion: version, asked: {} };
  const target = targetOfUrl(server);
  if (target === undefined) throw new FobError("usage", "The cluster is not reached by https");
  return { apiVersion: version, asked: { target } };
}

/** Client-go puts `Bearer` before the token itself. */
function formatExecCredential(apiVersion: string, answer: Answer): string {
  const status = {
    token: headerToken(answer),
    expirationTimestamp: expiryTime(answer.expiresAt),
  };
  return JSON.stringify({ apiVersion, kind: "ExecCredential", status });
}

/** Client-go keeps what it got until it expires, so that it has no other reason to ask for the same again. */
function isRetry(last: HandedOutToken, now: HandedOutToken): boolean {
  const age = now.at - last.at;
  return last.callerPid === now.callerPid && last.token === now.token && age >= 0 &&
    age < retryWindow;
}
