import assert from "node:assert/strict";
import { kubectl } from "../../../src/protocols/kubectl.ts";
import { Secret } from "../../../src/secret.ts";
import { issued, parseGet, printed, soon } from "./tool.ts";

function hearExec(value: unknown): ReturnType<typeof parseGet> {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return parseGet(kubectl, [], "", { KUBERNETES_EXEC_INFO: text });
}

const kind = "ExecCredential";
const host = "https://k8s.example:6443";

for (const version of ["v1", "v1beta1", "v1alpha1"]) {
  Deno.test(`kubectl helper answers in the requested version ${version}`, () => {
    const apiVersion = `client.authentication.k8s.io/${version}`;
    const request = hearExec({ kind, apiVersion, spec: { interactive: false } });
    assert.equal(request.target, undefined);
    assert.deepEqual(
      request.reply(issued(host, { expiresAt: soon })),
      printed(
        `{"apiVersion":"${apiVersion}","kind":"ExecCredential",` +
          '"status":{"token":"at-1","expirationTimestamp":"2030-01-02T03:04:05Z"}}\n',
      ),
    );
    assert.deepEqual(
      request.reply(issued(host)),
      printed(`{"apiVersion":"${apiVersion}","kind":"ExecCredential","status":{"token":"at-1"}}\n`),
    );
  });
}

Deno.test("kubectl helper answers in v1beta1 without a request", () => {
  for (const environment of [{}, { KUBERNETES_EXEC_INFO: "" }]) {
    const { stdout } = parseGet(kubectl, [], "", environment).reply(issued(host));
    assert.equal(JSON.parse(stdout).apiVersion, "client.authentication.k8s.io/v1beta1");
  }
});

Deno.test("kubectl helper returns only a token for the named cluster", () => {
  const cluster = { server: "https://K8s.example:6443/k8s/c-1", "insecure-skip-tls-verify": true };
  const apiVersion = "client.authentication.k8s.io/v1";
  const request = hearExec({ kind, apiVersion, spec: { cluster, interactive: true } });
  assert.deepEqual(request.target, { origins: [host], path: "k8s/c-1" });
  assert.equal(JSON.parse(request.reply(issued(host)).stdout).status.token, "at-1");
  assert.throws(() => request.reply(issued("https://k8s.example")), { code: "failed" });
  const plain = { kind, apiVersion, spec: { cluster: { server: "http://k8s.example" } } };
  assert.throws(() => hearExec(plain), { code: "usage" });
});

Deno.test("kubectl helper refuses another version, kind or text", () => {
  const apiVersion = "client.authentication.k8s.io/v1";
  const asked = [
    { kind, apiVersion: "client.authentication.k8s.io/v2" },
    { kind, apiVersion: "v1" },
    { kind, apiVersion: "evil.example/v1" },
    { kind, apiVersion: `${apiVersion}\n` },
    { kind, apiVersion: [apiVersion] },
    { kind: "Pod", apiVersion },
    { apiVersion },
    [],
    "null",
    "{",
    "x".repeat(1 << 21),
  ];
  for (const it of asked) assert.throws(() => hearExec(it), { code: "usage" });
});

Deno.test("kubectl helper reports a missing or invalid token on stderr", () => {
  const request = parseGet(kubectl, []);
  const spaced = issued(host, { secret: new Secret("a b") });
  assert.throws(() => request.reply(spaced), { code: "provider_answer_invalid" });
  const none = {
    stdout: "",
    stderr: "fob: No credential for this cluster\n",
    exitCode: 1,
  };
  assert.deepEqual(request.miss, none);
});

Deno.test("a repeated request of the same process for the same token means that it was refused", () => {
  const last = { callerPid: 7, token: "digest", at: soon };
  const isRetry = (now: Partial<typeof last>): boolean | undefined =>
    kubectl.isRetry?.(last, { ...last, ...now });
  assert.equal(isRetry({}), true);
  assert.equal(isRetry({ at: soon + 59_999 }), true);
  assert.equal(isRetry({ at: soon + 60_000 }), false);
  assert.equal(isRetry({ at: soon - 1 }), false);
  assert.equal(isRetry({ callerPid: 8 }), false);
  assert.equal(isRetry({ token: "other" }), false);
});

Deno.test("kubectl helper does not read stdin", () => {
  assert.equal(kubectl.readsInput([]), false);
  assert.deepEqual(kubectl.variables, ["KUBERNETES_EXEC_INFO"]);
});
