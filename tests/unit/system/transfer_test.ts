import assert from "node:assert/strict";
import { FobError } from "../../../src/errors.ts";
import { type Transfer, transfer } from "../../../src/system/transfer.ts";
import { makeTemporaryDirectory } from "../../fakes/machine/temporary_directory.ts";

const url = new URL("https://api.example.com/x");

/** A transfer with `fetch` as its network. */
function over(fetch: (url: URL, init: RequestInit) => Promise<Response>): Transfer {
  const unreachable = (error: unknown, origin: string): FobError =>
    new FobError("provider_unreachable", `${origin}: ${error}`, { cause: error });
  return transfer({ fetch, version: "1.2.3", unreachable });
}

/** The headers that are sent for the headers `given`. */
async function sent(given: HeadersInit): Promise<{ headers: Headers; init: RequestInit }> {
  let seen: RequestInit = {};
  const { fetch } = over((_, init) => {
    seen = init;
    return Promise.resolve(new Response("x"));
  });
  await fetch(url, { method: "PUT", headers: new Headers(given) });
  return { headers: new Headers(seen.headers), init: seen };
}

Deno.test("a request has a User-Agent, requests no compression, and follows no redirect", async () => {
  const { headers, init } = await sent({ "x-a": "1" });
  assert.deepEqual([...headers], [
    ["accept-encoding", "identity"],
    ["user-agent", "fob/1.2.3"],
    ["x-a", "1"],
  ]);
  assert.deepEqual([init.method, init.redirect, init.body], ["PUT", "manual", undefined]);
  const named = (await sent({ "User-Agent": "mine" })).headers;
  assert.equal(named.get("user-agent"), "mine");
});

Deno.test("a failed request and a failed response body throw the same error", async () => {
  const get = { method: "GET", headers: new Headers() };
  const lost = { code: "provider_unreachable", message: "https://api.example.com: Error: lost" };
  const away = over(() => Promise.reject(new Error("lost")));
  await assert.rejects(away.fetch(url, get), lost);
  const cut = over(() => {
    const pull = (controller: ReadableStreamDefaultController): void =>
      controller.error(new Error("lost"));
    return Promise.resolve(new Response(new ReadableStream({ pull })));
  });
  const { body } = await cut.fetch(url, get);
  await assert.rejects(Array.fromAsync(body ?? []), lost);
});

Deno.test("cancelling a response closes the connection", async () => {
  let cancelled = false;
  const { fetch } = over(() =>
    Promise.resolve(
      new Response(
        new ReadableStream({
          pull: (controller) => controller.enqueue(new Uint8Array(1)),
          cancel: () => void (cancelled = true),
        }),
      ),
    )
  );
  const { body } = await fetch(url, { method: "GET", headers: new Headers() });
  for await (const chunk of body ?? []) {
    assert.equal(chunk.length, 1);
    break;
  }
  assert.ok(cancelled);
});

Deno.test("a body from text or from a file can be opened again", async () => {
  await using directory = await makeTemporaryDirectory();
  const path = `${directory.path}/file`;
  const bytes = Uint8Array.of(0, 255, 10, 0);
  await Deno.writeFile(path, bytes);
  const { body } = over(fetch);
  for (
    const [text, expected] of [["ü", new TextEncoder().encode("ü")], [`@${path}`, bytes]] as const
  ) {
    const given = await body(text);
    assert.ok(given.repeatable);
    for (const _ of [1, 2]) {
      assert.deepEqual(await new Response(await given.open()).bytes(), expected);
    }
  }
});

Deno.test("a large file is streamed, and can be opened again", async () => {
  await using directory = await makeTemporaryDirectory();
  const path = `${directory.path}/file`;
  await Deno.writeFile(path, new Uint8Array(8_388_609));
  const given = await over(fetch).body(`@${path}`);
  for (const _ of [1, 2]) {
    const opened = await given.open();
    assert.ok(opened instanceof ReadableStream);
    assert.equal((await new Response(opened).bytes()).length, 8_388_609);
  }
});

Deno.test("an unreadable file is an error before anything is sent", async () => {
  await using directory = await makeTemporaryDirectory();
  const { body } = over(fetch);
  const missing = `${directory.path}/none`;
  await assert.rejects(body(`@${missing}`), {
    code: "io_failed",
    message: `Cannot read "${missing}": file not found`,
  });
  await assert.rejects(body(`@${directory.path}`), {
    message: `Cannot read "${directory.path}": it is a directory`,
  });
});

Deno.test("standard input can only be sent once", async () => {
  assert.equal((await over(fetch).body("@-")).repeatable, false);
});
