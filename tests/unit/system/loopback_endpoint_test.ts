import { equal, rejects } from "node:assert/strict";
import { serveLoopback } from "../../../src/system/loopback_endpoint.ts";

/** The raw response of a server to the lines of a request. */
async function send(origin: string, ...lines: readonly string[]): Promise<string> {
  using connection = await Deno.connect({
    hostname: "127.0.0.1",
    port: Number(new URL(origin).port),
  });
  await connection.write(new TextEncoder().encode(`${lines.join("\r\n")}\r\n\r\n`));
  await connection.closeWrite();
  return await new Response(connection.readable).text();
}

Deno.test("only requests with the exact address as Host are answered", async () => {
  const seen: string[] = [];
  await using endpoint = serveLoopback((request) => {
    seen.push(new URL(request.url).pathname);
    return Promise.resolve(new Response("answered"));
  });
  const { host, port } = new URL(endpoint.origin);
  equal(await (await fetch(`${endpoint.origin}/right`)).text(), "answered");
  const strays = [
    ["GET /a HTTP/1.1", "Host: evil.example", "Connection: close"],
    ["GET /b HTTP/1.1", `Host: localhost:${port}`, "Connection: close"],
    ["GET /c HTTP/1.1", "Host: 127.0.0.1", "Connection: close"],
    ["GET /d HTTP/1.0"],
    [`GET ${endpoint.origin}/i HTTP/1.1`, "Host: evil.example", "Connection: close"],
    ["GET http://evil.example/e HTTP/1.1", `Host: ${host}`, "Connection: close"],
    ["GET /f HTTP/1.1", `Host: ${host}`, "Origin: http://evil.example", "Connection: close"],
    ["GET /g HTTP/1.1", `Host: ${host}`, `Origin: ${endpoint.origin}`, "Connection: close"],
    ["OPTIONS /h HTTP/1.1", `Host: ${host}`, "Origin: null", "Connection: close"],
  ];
  for (const lines of strays) {
    const answer = await send(endpoint.origin, ...lines);
    equal(answer.split(" ")[1], "403", lines.join());
  }
  equal(seen.join(), "/right");
});

Deno.test("a failed answer contains no reason, and the next request is answered", async () => {
  await using endpoint = serveLoopback((request) =>
    request.url.endsWith("/bad")
      ? Promise.reject(new Error("canary"))
      : Promise.resolve(new Response("good"))
  );
  const bad = await fetch(`${endpoint.origin}/bad`);
  equal(bad.status, 500);
  equal((await bad.text()).includes("canary"), false);
  equal(await (await fetch(`${endpoint.origin}/good`)).text(), "good");
});

Deno.test("disposing stops the server, also with unanswered requests", async () => {
  const asked = Promise.withResolvers<void>();
  const endpoint = serveLoopback(() => {
    asked.resolve();
    return new Promise(() => {});
  });
  const pending = fetch(endpoint.origin);
  await asked.promise;
  await Promise.all([rejects(pending), endpoint[Symbol.asyncDispose]()]);
  await rejects(fetch(endpoint.origin));
});
