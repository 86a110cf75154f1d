import { deepEqual, equal, match } from "node:assert/strict";
import { startAuthorizationServer } from "../../fakes/servers/authorization_server.ts";

const challenge = "c".repeat(43);

Deno.test("the test browser approves, sends the code to the callback and prints nothing", async () => {
  const { visits, saved } = await browse({});
  equal(visits.length, 1);
  match(visits[0] ?? "", /^\/callback\?code=code-\S+&state=right&iss=\S+ from itself$/);
  equal(saved, "page 1");
});

Deno.test('the test browser with "nothing" makes no request', async () => {
  deepEqual((await browse({ BROWSER_DOES: "nothing" })).visits, []);
});

Deno.test('the test browser with "wrong-state" sends a forged state and code first', async () => {
  const { visits } = await browse({ BROWSER_DOES: "wrong-state" });
  equal(visits.length, 2);
  match(visits[0] ?? "", /code=forged&state=forged/);
  match(visits[1] ?? "", /code=code-\S+&state=right/);
});

Deno.test('the test browser with "stray" requests an icon and the callback under another Host first', async () => {
  const { visits } = await browse({ BROWSER_DOES: "stray" });
  equal(visits.length, 3);
  equal(visits[0], "/favicon.ico from itself");
  match(visits[1] ?? "", /code=forged&state=right\S* from evil\.example$/);
  match(visits[2] ?? "", /code=code-\S+&state=right\S* from itself$/);
});

Deno.test('the test browser with "twice" repeats the callback and keeps the first page', async () => {
  const { visits, saved } = await browse({ BROWSER_DOES: "twice" });
  equal(visits.length, 2);
  equal(visits[0], visits[1]);
  equal(saved, "page 1");
});

Deno.test("the test browser exits with 0 for an unreachable address", async () => {
  const { success, output } = await open("http://127.0.0.1:9/", {});
  deepEqual([success, output], [true, ""]);
});

/** Signs in with the test browser. The callback listener records all requests. */
async function browse(env: Record<string, string>): Promise<{ visits: string[]; saved: string }> {
  const visits: string[] = [];
  const options = { hostname: "127.0.0.1", port: 0, onListen: (): void => {} };
  await using server = Deno.serve(options, (request) => {
    const { pathname, search } = new URL(request.url);
    const own = request.headers.get("host") === `127.0.0.1:${server.addr.port}`;
    visits.push(`${pathname}${search} from ${own ? "itself" : request.headers.get("host")}`);
    return new Response(`page ${visits.length}`);
  });
  const issuer = await startAuthorizationServer();
  const saves = await Deno.makeTempFile();
  try {
    const request = new URLSearchParams({
      response_type: "code",
      client_id: "fob",
      redirect_uri: `http://127.0.0.1:${server.addr.port}/callback`,
      code_challenge: challenge,
      code_challenge_method: "S256",
      state: "right",
    });
    const address = `${issuer.issuer}/authorize?${request}`;
    const { success, output } = await open(address, { ...env, BROWSER_SAVES: saves });
    deepEqual([success, output], [true, ""]);
    return { visits, saved: await Deno.readTextFile(saves) };
  } finally {
    await issuer.close();
    await Deno.remove(saves);
  }
}

async function open(
  address: string,
  env: Record<string, string>,
): Promise<{ success: boolean; output: string }> {
  const browser = `${import.meta.dirname}/../../acceptance/runner/browser`;
  const run = new Deno.Command(browser, {
    args: [address],
    env: { ...env, FOB_TEST_DENO: Deno.execPath() },
  });
  const { success, stdout, stderr } = await run.output();
  return { success, output: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
}
