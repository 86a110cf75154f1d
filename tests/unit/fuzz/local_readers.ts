import assert from "node:assert/strict";
import type { ModelAccess } from "../../../src/agents/agent.ts";
import { claude } from "../../../src/agents/claude.ts";
import { serve } from "../../../src/api/serve.ts";
import { kubectl } from "../../../src/connect/tools/kubectl.ts";
import { notedLeases, tokenInUse } from "../../../src/leases/list.ts";
import { Secret } from "../../../src/secret.ts";
import { readyFile } from "../../../src/system/files/ready_file.ts";
import { serveLoopback } from "../../../src/system/loopback_endpoint.ts";
import { FakeClock } from "../../fakes/machine/clock.ts";
import { makeTemporaryDirectory } from "../../fakes/machine/temporary_directory.ts";
import { type Reader, reader } from "./reader.ts";

/** Output of kubectl only leads to arguments for kubectl. */
function kubectlView(text: string): void {
  const [change] = kubectl.connect({
    fob: "/bin/fob",
    folder: "/folder",
    origins: ["https://api.example.com"],
    environment: { get: () => "/home/ada" },
    system: "linux",
  });
  assert.ok(change?.kind === "command");
  for (const note of [["user", "fob", "/bin/fob"], ["context", "c", "fob", "ada"]]) {
    for (const words of kubectl.undoCommands?.(note, text) ?? []) assert.equal(words[0], "config");
  }
  for (const { runs, note } of change.commands(text)) {
    for (const word of [...runs.flat(), ...note]) assert.equal(typeof word, "string");
  }
}

/** All leases can be listed with any lease record. */
async function runRecord(text: string): Promise<void> {
  const refuse = (): never => assert.fail("must not be changed");
  const found = [{ id: "run", text, isAlive: false }];
  const leases = await notedLeases({
    look: () => Promise.resolve(found),
    open: refuse,
    adopt: refuse,
  });
  for (const lease of leases) {
    for (const time of [lease.startedAt, lease.lastEnd, tokenInUse(lease)?.expiresAt ?? 0]) {
      new Date(time).toISOString();
    }
    for (const { id } of lease.tokens) assert.equal(typeof id, "string");
  }
}

/** A file that fob has not written stays. */
async function readyPath(bytes: Uint8Array): Promise<void> {
  await using directory = await makeTemporaryDirectory();
  const path = `${directory.path}/ready`;
  await Deno.writeFile(path, bytes);
  const isOwn = /^\d+\n$/.test(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes));
  await readyFile(path).finally(async () => {
    const isThere = await Deno.stat(path).then(() => true, () => false);
    assert.equal(isThere, !isOwn);
  });
}

/** Settings of the caller stay, and the token command is fob's. */
function claudeSettings(text: string): void {
  const access: ModelAccess = {
    baseUrl: "https://api.example.com/models",
    key: { command: ["/bin/fob", "auth", "token"] },
  };
  const environment = { get: (): undefined => undefined };
  const call = { args: ["--settings", "own.json"], environment, isWindows: false, text };
  const { file } = claude.start(access, call);
  const { env, apiKeyHelper } = JSON.parse(file?.text ?? "");
  assert.equal(env.ANTHROPIC_BASE_URL, access.baseUrl);
  assert.match(apiKeyHelper, /fob/);
}

/**
 * For any request to the endpoint of `exec --serve`: the token goes only to the API, or to a client
 * that knows the metadata path, and fob does not fail.
 */
async function served(text: string): Promise<void> {
  const api = new URL("https://api.example.com/v1/");
  await using endpoint = serve({
    listen: serveLoopback,
    api,
    source: { current: () => Promise.resolve({ token: new Secret("own"), tokenType: "Bearer" }) },
    authorization: ({ token }) => `Bearer ${token.reveal()}`,
    fetch: (url, { headers }) => {
      assert.equal(url.origin, api.origin);
      assert.ok(url.pathname.startsWith("/v1"), url.href);
      assert.equal(headers.get("authorization"), "Bearer own");
      return Promise.resolve(new Response("answered"));
    },
    clock: new FakeClock(0),
    notice: () => {},
    trace: () => {},
  });
  const { port, pathname } = new URL(endpoint.url.reveal());
  const sent = text.replaceAll("7777", port).replaceAll("/PLACE", pathname)
    .replaceAll("KEY", endpoint.key.reveal())
    .replaceAll("/METADATA", new URL(endpoint.metadataUrl.reveal()).pathname);
  using connection = await Deno.connect({ hostname: "127.0.0.1", port: Number(port) });
  await connection.write(new TextEncoder().encode(sent));
  await connection.closeWrite().catch(() => {});
  const buffer = new Uint8Array(4_096);
  const count = await connection.read(buffer).catch(() => null) ?? 0;
  const said = new TextDecoder().decode(buffer.subarray(0, count));
  assert.doesNotMatch(said, /^HTTP\/1.1 500/, said);
  if (said.includes('"access_token":"own"')) {
    assert.match(text, /METADATA[^]*127\.0\.0\.1:7777/);
  }
}

/** Readers of input from other local programs. */
export const localReaders: readonly Reader[] = [
  reader("output of kubectl", "kubectl_view", kubectlView),
  reader("a lease record", "run_record", runRecord),
  { name: "a file in place of the ready file", corpus: "ready_file", read: readyPath },
  reader("settings for claude", "json_settings", claudeSettings),
  reader("a request to the endpoint of exec --serve", "served_request", served),
];
