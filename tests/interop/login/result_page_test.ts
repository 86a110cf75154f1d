import assert from "node:assert/strict";
import { LoopbackRedirect } from "../../../src/oauth/grants/loopback_redirect.ts";
import type { Outcome } from "../../../src/oauth/grants/result_page.ts";

const chromium = await findChromium();
/** Hosts that chromium calls by itself. */
const chromiumsOwn = /(^|\.)google(apis)?\.com$/;

Deno.test({
  name: "chromium shows the success page and requests nothing else",
  ignore: chromium === undefined,
  fn: async () => {
    const { dom, requests } = await show({ outcome: "signed-in", host: "api.example.com" });
    assert.match(dom, /<h1>You are signed in to <b>api\.example\.com<\/b><\/h1>/);
    assert.match(dom, /You can close this tab and go back to the terminal/);
    assert.deepEqual(requests, ["GET /callback"]);
  },
});

Deno.test({
  name: "chromium shows an error message as text, without running it",
  ignore: chromium === undefined,
  fn: async () => {
    const reason = '<img src="http://evil.example/x"><script>document.title = "run"</script>';
    const { dom, requests } = await show({ outcome: "failed", reason, kept: "nothing" });
    assert.match(dom, /<h1>You are not signed in<\/h1>/);
    assert.match(dom, /&lt;img src="http:\/\/evil\.example\/x"&gt;&lt;script&gt;/);
    assert.match(dom, /<title>Not signed in · fob<\/title>/);
    assert.deepEqual(requests, ["GET /callback"]);
  },
});

/** Opens the listener's page in chromium, and returns the DOM and all requests. */
async function show(outcome: Outcome): Promise<{ dom: string; requests: string[] }> {
  await using redirect = new LoopbackRedirect({ state: "right" });
  redirect.finish(outcome);
  const authority = new URL(redirect.uri).host;
  const requests: string[] = [];
  const options = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
  await using proxy = Deno.serve(options, async (request) => {
    const url = new URL(request.url);
    if (chromiumsOwn.test(url.hostname)) return new Response("", { status: 502 });
    requests.push(`${request.method} ${url.host === authority ? url.pathname : url.href}`);
    if (url.host !== authority) return new Response("", { status: 502 });
    const { status, headers, body } = await fetch(url);
    return new Response(body, { status, headers });
  });
  const dom = await dumpDom(`${redirect.uri}?code=c1&state=right`, proxy.addr.port);
  return { dom, requests };
}

async function dumpDom(url: string, proxyPort: number): Promise<string> {
  const profile = await Deno.makeTempDir();
  try {
    const flags = "--headless --no-sandbox --disable-gpu --no-first-run --disable-extensions " +
      "--disable-background-networking --disable-component-update --disable-sync --dump-dom " +
      `--proxy-server=http://127.0.0.1:${proxyPort} --proxy-bypass-list=<-loopback>`;
    const args = [...flags.split(" "), `--user-data-dir=${profile}`, url];
    const { stdout } = await new Deno.Command(chromium ?? "", { args, stderr: "null" }).output();
    return new TextDecoder().decode(stdout);
  } finally {
    await Deno.remove(profile, { recursive: true });
  }
}

async function findChromium(): Promise<string | undefined> {
  for (const name of ["chromium", "chromium-browser", "google-chrome"]) {
    const args = ["-c", `command -v ${name}`];
    const found = await new Deno.Command("sh", { args }).output();
    if (found.success) return new TextDecoder().decode(found.stdout).trim();
  }
  return undefined;
}
