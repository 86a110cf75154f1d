import { deepEqual, doesNotMatch, equal, match, ok } from "node:assert/strict";
import { runProgram } from "../../acceptance/runner/program.ts";
import { openDatabricksHome } from "../databricks/databricks_home.ts";
import { type ServedChild, startServed } from "./served_child.ts";

const ignore = Deno.build.os === "windows";

interface Api extends AsyncDisposable {
  readonly env: Readonly<Record<string, string>>;
}

/** An API on loopback, and an environment with a token for it. */
function openApi(handler: Deno.ServeHandler): Api {
  const stop = new AbortController();
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, signal: stop.signal, onListen: () => {} },
    handler,
  );
  return {
    env: { API_TOKEN: "canary-token", API_HOST: `http://127.0.0.1:${server.addr.port}` },
    async [Symbol.asyncDispose](): Promise<void> {
      stop.abort();
      await server.finished;
    },
  };
}

const me = "/api/2.0/preview/scim/v2/Me";

const encoder = new TextEncoder();

/** The next chunk of text. */
async function nextText(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<string> {
  const { value } = await reader.read();
  return new TextDecoder().decode(value);
}

Deno.test("a chunk of the API arrives before the next is sent", async () => {
  const steps: ReadableStreamDefaultController<Uint8Array>[] = [];
  await using api = openApi(() =>
    new Response(
      new ReadableStream({ start: (controller): void => void steps.push(controller) }),
      { headers: { "content-type": "text/event-stream" } },
    )
  );
  await using served = await startServed([], api);
  const answering = served.fetch("/stream");
  const answer = await answering;
  equal(answer.headers.get("content-type"), "text/event-stream");
  const reader = answer.body?.getReader();
  ok(reader !== undefined && steps[0] !== undefined);
  for (const text of [": ping\n\n", "data: 1\n\n", "data: 2\n\n"]) {
    steps[0].enqueue(encoder.encode(text));
    equal(await nextText(reader), text);
  }
  steps[0].close();
  equal((await reader.read()).done, true);
});

Deno.test("a chunk of a tool arrives before the next is sent, and the response after the request", async () => {
  const arrived: string[] = [];
  let next = Promise.withResolvers<void>();
  await using api = openApi(async (request) => {
    for await (const chunk of request.body ?? []) {
      arrived.push(new TextDecoder().decode(chunk));
      next.resolve();
    }
    return new Response(arrived.join(""));
  });
  await using served = await startServed([], api);
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const answering = served.fetch("/", { method: "POST", body: readable });
  const writer = writable.getWriter();
  for (const text of ["one", "two", "three"]) {
    next = Promise.withResolvers();
    await writer.write(encoder.encode(text));
    await next.promise;
    equal(arrived.at(-1), text);
  }
  await writer.close();
  equal(await (await answering).text(), "onetwothree");
});

Deno.test("a tool that disconnects ends the stream at the API", async () => {
  const cancelled = Promise.withResolvers<void>();
  await using api = openApi(() =>
    new Response(
      new ReadableStream({
        start: (controller): void => controller.enqueue(encoder.encode("first")),
        cancel: (): void => cancelled.resolve(),
      }),
    )
  );
  await using served = await startServed([], api);
  const answer = await served.fetch("/");
  await answer.body?.cancel();
  await cancelled.promise;
  equal((await served.end()).stderr, "");
});

Deno.test("a response that the API cuts off is cut off for the tool, without output", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const env = { API_TOKEN: "canary-token", API_HOST: `http://127.0.0.1:${listener.addr.port}` };
  const answered = (async (): Promise<void> => {
    using connection = await listener.accept();
    await connection.read(new Uint8Array(65_536));
    await connection.write(encoder.encode("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npart"));
  })();
  await using served = await startServed([], { env });
  const answer = await served.fetch("/");
  equal(answer.status, 200);
  const text = await answer.text().catch(() => "broken");
  await answered;
  listener.close();
  equal(text, "broken");
  equal((await served.end()).stderr, "");
});

Deno.test("curl needs the key, and a request of a web page is refused", async () => {
  const lines: string[] = [];
  await using api = openApi((request) => {
    lines.push(`${request.method} ${new URL(request.url).pathname}`);
    deepEqual([...request.headers].filter(([, value]) => value.includes(key)), []);
    return new Response(request.headers.get("authorization"));
  });
  await using served = await startServed([], api);
  const { FOB_SERVE_URL: url = "", FOB_SERVE_KEY: key = "" } = served.env;
  const curl = async (...args: readonly string[]): Promise<string> => {
    const { stdout } = await new Deno.Command("curl", {
      args: ["-s", "-w", " %{http_code}", ...args],
    }).output();
    return new TextDecoder().decode(stdout).split("\n").at(-1) ?? "";
  };
  const bearer = ["-H", `Authorization: Bearer ${key}`];
  equal(await curl(`${url}/a`, ...bearer), "Bearer canary-token 200");
  equal(
    await curl(`${url}/b`, "-d", "x", "-H", `x-goog-api-key: ${key}`),
    "Bearer canary-token 200",
  );
  match(await curl(`${url}/c`), / 401$/);
  match(await curl(`${url}/c`, "-H", "Authorization: Bearer canary-token"), / 401$/);
  match(await curl(`${new URL(url).origin}/c`, ...bearer), / 404$/);
  match(await curl(`${url}/c`, ...bearer, "-H", "Host: evil.example"), / 403$/);
  match(await curl(`${url}/c`, ...bearer, "-H", "Origin: https://evil.example"), / 403$/);
  deepEqual(lines, ["GET /a", "POST /b"]);
});

Deno.test("a request without a body has none at the API, and compressed bodies stay compressed", async () => {
  await using api = openApi((request) => {
    const { headers } = request;
    const form = `${headers.get("content-length")} ${headers.get("transfer-encoding")}`;
    const body = new Blob([form]).stream().pipeThrough(new CompressionStream("gzip"));
    return new Response(body, { headers: { "content-encoding": "gzip" } });
  });
  await using served = await startServed([], api);
  for (const method of ["GET", "DELETE", "HEAD"]) {
    const answer = await served.fetch("/", { method });
    equal(await answer.text(), method === "HEAD" ? "" : "null null", method);
  }
  equal(await (await served.fetch("/", { method: "POST", body: "text" })).text(), "4 null");
});

Deno.test(
  { name: "an expired token is refreshed once for all requests of a tool", ignore },
  async () => {
    await using home = await openDatabricksHome("fob");
    await using served = await startServed(["p"], { cwd: home.directory, env: home.env });
    const whoAmI = async (): Promise<string> => {
      const answer = await served.fetch(me);
      return (await answer.json()).userName ?? String(answer.status);
    };
    equal(await whoAmI(), "ada@example.com");
    for (const round of [1, 2]) {
      home.server.expireTokens();
      const answers = await Promise.all([whoAmI(), whoAmI(), whoAmI()]);
      deepEqual(new Set(answers), new Set(["ada@example.com"]));
      equal(home.server.count("refresh_token"), round);
    }
    equal((await served.end()).stderr, "");
  },
);

Deno.test(
  { name: "a token that is refused with 403 is replaced by a newly pasted one", ignore },
  async () => {
    await using home = await openDatabricksHome("fob");
    const paste = async (): Promise<void> => {
      const file = `${home.directory}/pasted`;
      await Deno.writeTextFile(file, home.server.addToken().value);
      const words = ["auth", "login", "q", "--provider", "databricks", "--with-token"];
      const argv = [home.path, ...words, "--host", home.server.host.origin];
      const run = await runProgram(argv, { cwd: home.directory, env: home.env, stdin: file });
      equal(run.code, 0, run.stderr);
      await Deno.remove(file);
    };
    await paste();
    await using served = await startServed(["q"], { cwd: home.directory, env: home.env });
    equal(await statusOf(served.fetch(me)), 200);
    home.server.revokeAll();
    equal(await statusOf(served.fetch(me)), 403);
    await paste();
    equal(await statusOf(served.fetch(me)), 403, "the token was read again too soon");
  },
);

Deno.test({
  name: "an expired login is reported, and the tool gets the API's own error",
  ignore,
}, async () => {
  await using home = await openDatabricksHome("fob");
  await using served = await startServed(["p"], { cwd: home.directory, env: home.env });
  equal(await statusOf(served.fetch(me)), 200);
  home.server.revokeAll();
  equal(await statusOf(served.fetch(me)), 401);
  equal(home.server.count("refresh_token"), 0);
  match((await served.end()).stderr, /^fob: .*\n$/);
});

async function statusOf(answer: Promise<Response>): Promise<number> {
  const { status, body } = await answer;
  await body?.cancel();
  return status;
}

/** The command lines of fob and its child processes. */
async function commandLines(pid: number): Promise<string> {
  const lines: string[] = [];
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await Deno.readTextFile(`/proc/${name}/stat`).catch(() => "");
    const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
    if (Number(name) !== pid && parent !== pid) continue;
    lines.push(await Deno.readTextFile(`/proc/${name}/cmdline`).catch(() => ""));
  }
  return lines.join("\n");
}

/** The files below `directory` that contain `text`. */
async function filesWith(text: string, directory: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory, isFile } of Deno.readDir(directory)) {
    const path = `${directory}/${name}`;
    if (isDirectory) found.push(...await filesWith(text, path));
    if (isFile && (await Deno.readTextFile(path)).includes(text)) found.push(path);
  }
  return found;
}

Deno.test({
  name: "no token, key or body is in arguments, files, the environment of the child or logs",
  ignore: Deno.build.os !== "linux",
}, async () => {
  await using home = await openDatabricksHome("fob");
  await using served: ServedChild = await startServed(["p", "-v"], {
    cwd: home.directory,
    env: home.env,
  });
  const { FOB_SERVE_KEY: key = "", DATABRICKS_METADATA_SERVICE_URL: service = "" } = served.env;
  const metadata = await fetch(service, {
    headers: {
      "X-Databricks-Metadata-Version": "1",
      "X-Databricks-Host": home.server.host.origin,
    },
  });
  const { access_token: token } = await metadata.json();
  ok(home.server.principalOf(token) !== undefined);
  const echo = await served.fetch("/api/2.0/echo/x?q=canary-query", {
    method: "POST",
    body: "canary-body",
    headers: { "x-canary": "canary-header" },
  });
  equal(echo.status, 200);
  await echo.body?.cancel();
  ok(!JSON.stringify(served.env).includes(token));
  const lines = await commandLines(served.pid);
  match(lines, /exec/);
  const place = new URL(served.env["FOB_SERVE_URL"] ?? "").pathname.slice(1);
  const { code, stderr } = await served.end();
  equal(code, 0);
  match(stderr, /POST .*\/api\/2\.0\/echo\/x: HTTP 200/);
  const secrets = [token, key, place, new URL(service).pathname.slice(1)];
  for (const text of [...secrets, "canary-query", "canary-body", "canary-header"]) {
    ok(!lines.includes(text) && !stderr.includes(text), "an argument or a log");
  }
  deepEqual(await filesWith(token, home.directory), [
    `${home.directory}/.local/state/fob/credentials.json`,
  ]);
  for (const text of [key, place]) deepEqual(await filesWith(text, home.directory), []);
  doesNotMatch(JSON.stringify(served.env), /DATABRICKS_TOKEN|API_TOKEN/);
});
