import assert from "node:assert/strict";
import { present } from "../../../src/present.ts";
import { fobCommand } from "../../acceptance/runner/fob_command.ts";
import { makeTemporaryDirectory } from "../../fakes/machine/temporary_directory.ts";
import { denoDirectory } from "../../rigs/remote_store.ts";

type Handler = (request: Request) => Response | Promise<Response>;

interface Api extends AsyncDisposable {
  readonly directory: string;
  readonly start: (...args: readonly string[]) => Promise<Deno.ChildProcess>;
}

/** An API on loopback, and a directory to run `fob api` in. */
async function openApi(handler: Handler): Promise<Api> {
  const directory = await makeTemporaryDirectory();
  const stop = new AbortController();
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, signal: stop.signal, onListen: () => {} },
    handler,
  );
  return {
    directory: directory.path,
    start: (...args) => startApi(server.addr.port, args, directory.path),
    async [Symbol.asyncDispose](): Promise<void> {
      stop.abort();
      await server.finished;
      await directory[Symbol.asyncDispose]();
    },
  };
}

/** Starts `fob api` with a token for the API at `port`. */
async function startApi(
  port: number,
  args: readonly string[],
  cwd?: string,
): Promise<Deno.ChildProcess> {
  const [program = "", ...words] = await fobCommand();
  return new Deno.Command(program, {
    args: [...words, "api", ...args],
    ...present({ cwd }),
    clearEnv: true,
    env: {
      API_TOKEN: "secret-token",
      API_HOST: `http://127.0.0.1:${port}`,
      DENO_DIR: denoDirectory(),
      DENO_NO_UPDATE_CHECK: "1",
    },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** The result of a program with closed stdin. */
async function ended(child: Deno.ChildProcess): Promise<{ bytes: Uint8Array; code: number }> {
  const [bytes, stderr, { code }] = await Promise.all([
    new Response(child.stdout).bytes(),
    new Response(child.stderr).text(),
    child.status,
  ]);
  assert.equal(stderr, "");
  return { bytes, code };
}

/** Bytes of every value, with NUL and invalid UTF-8. */
function bytesOf(length: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, (_, index) => index % 251 ^ index >> 8 & 255);
}

const echo: Handler = (request) =>
  new Response(request.body, {
    headers: { "x-length": request.headers.get("content-length") ?? "none" },
  });

for (const size of [0, 100_000, 9_000_000]) {
  Deno.test(`${size} bytes of a file are sent and received unchanged`, async () => {
    await using api = await openApi(echo);
    const bytes = bytesOf(size);
    await Deno.writeFile(`${api.directory}/file`, bytes);
    const child = await api.start("POST", "/", "-d", "@file");
    await child.stdin.close();
    const run = await ended(child);
    assert.equal(run.code, 0);
    assert.deepEqual(run.bytes, bytes);
  });
}

Deno.test("bytes of stdin are sent and received unchanged", async () => {
  await using api = await openApi(echo);
  const bytes = bytesOf(1_000_000);
  const child = await api.start("POST", "/", "-d", "@-");
  const [run] = await Promise.all([ended(child), new Blob([bytes]).stream().pipeTo(child.stdin)]);
  assert.equal(run.code, 0);
  assert.deepEqual(run.bytes, bytes);
});

Deno.test("request and response bodies are streamed at the same time", async () => {
  // The server echoes each chunk at once, before the request has ended.
  await using api = await openApi(echo);
  const child = await api.start("POST", "/", "-d", "@-");
  const input = child.stdin.getWriter();
  const output = child.stdout.getReader();
  for (const text of ["one", "two", "three"]) {
    await input.write(new TextEncoder().encode(text));
    const { value } = await output.read();
    assert.equal(new TextDecoder().decode(value), text);
  }
  await input.close();
  assert.equal((await output.read()).done, true);
  assert.equal(await new Response(child.stderr).text(), "");
  assert.equal((await child.status).code, 0);
});

Deno.test("a response that is cut off is exit 6, with the received part on stdout", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const child = await startApi((listener.addr as Deno.NetAddr).port, ["GET", "/"]);
  await child.stdin.close();
  const connection = await listener.accept();
  await connection.read(new Uint8Array(4096));
  await connection.write(
    new TextEncoder().encode("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"),
  );
  connection.close();
  const [stdout, stderr, { code }] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.status,
  ]);
  assert.equal(code, 6);
  assert.equal(stdout, "half");
  assert.match(
    stderr,
    /^fob: Cannot reach "http:\/\/127\.0\.0\.1:\d+": the connection was closed\n/,
  );
});

Deno.test("a compressed response that was not requested is passed through unchanged", async () => {
  const packed = bytesOf(500);
  await using api = await openApi((request) => {
    const headers = { "content-encoding": "gzip" };
    const wanted = request.headers.get("accept-encoding") === "identity";
    return new Response(packed, { status: wanted ? 200 : 500, headers });
  });
  const child = await api.start("GET", "/");
  await child.stdin.close();
  const run = await ended(child);
  assert.equal(run.code, 0);
  assert.deepEqual(run.bytes, packed);
});
