import assert from "node:assert/strict";
import { type LeaseHome, openLeaseHome, pasted } from "./lease_home.ts";
import { type ServedChild, startServed } from "./served_child.ts";

const me = "/api/2.0/preview/scim/v2/Me";
const ignore = Deno.build.os === "windows";

function test(
  name: string,
  fn: (home: LeaseHome, served: ServedChild) => Promise<void>,
): void {
  Deno.test({
    name,
    ignore,
    fn: async () => {
      await using home = await openLeaseHome();
      const { path: cwd, environment: env } = home;
      await using served = await startServed(["work", "--lease", "15m"], { cwd, env });
      await fn(home, served);
    },
  });
}

/** The user that the API returns for a request through the endpoint. */
async function statusOf(served: ServedChild): Promise<number> {
  const answer = await served.fetch(me);
  await answer.body?.cancel();
  return answer.status;
}

test(
  "a served command works with a lease that is not in its environment",
  async (home, served) => {
    assert.equal(await statusOf(served), 200);
    const [kept = "", leased = ""] = home.live();
    for (const secret of [kept, leased, pasted]) {
      assert.ok(!JSON.stringify(served.env).includes(secret));
    }
    assert.deepEqual(await served.end(), { code: 0, stderr: "" });
    assert.deepEqual(home.live(), [kept]);
  },
);

test(
  "a leased token that is revoked early is replaced without an error for the command",
  async (home, served) => {
    const [, leased = ""] = home.live();
    const { stdout } = await home.run(["lease", "list", "-o", "json"]);
    assert.equal((await home.run(["lease", "revoke", JSON.parse(stdout)[0].id])).code, 0);
    assert.equal(home.live().length, 1);
    assert.equal(await statusOf(served), 200);
    assert.ok(!home.live().includes(leased));
    assert.equal((await served.end()).code, 0);
    assert.equal(home.live().length, 1);
  },
);

test(
  "the metadata service never returns an expiry after the end of the lease",
  async (home, served) => {
    const url = served.env["DATABRICKS_METADATA_SERVICE_URL"] ?? "";
    const headers = {
      "x-databricks-metadata-version": "1",
      "x-databricks-host": home.server.host.origin,
    };
    const answer = await (await fetch(url, { headers })).json();
    assert.ok(home.live().includes(answer.access_token));
    const end = home.server.liveTokens().at(-1)?.info.expiry_time ?? 0;
    assert.ok(answer.expires_on * 1000 < end - 200_000, `${answer.expires_on}`);
  },
);

test(
  "a server that creates no token does not delay the end of a command",
  async (home, served) => {
    const { stdout } = await home.run(["lease", "list", "-o", "json"]);
    await home.run(["lease", "revoke", JSON.parse(stdout)[0].id]);
    await home.server.fault("token_create", "503");
    const failed = (): number => home.server.requests.filter((it) => it.status === 503).length;
    const unanswered = assert.rejects(statusOf(served));
    while (failed() === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal((await served.end()).code, 0);
    await unanswered;
    assert.ok(failed() < 3, "too many requests for tokens");
    assert.equal(home.live().length, 1);
  },
);
