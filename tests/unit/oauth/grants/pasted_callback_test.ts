import assert from "node:assert/strict";
import { pastedCallback } from "../../../../src/oauth/grants/pasted_callback.ts";

const redirectUri = "http://127.0.0.1:4000/callback";

interface Pasted {
  readonly code: string | undefined;
  readonly reasons: string[];
}

/** The callback among `lines`, and the reasons of rejected lines. */
async function paste(...lines: string[]): Promise<Pasted> {
  return await pasteAt(redirectUri, ...lines);
}

async function pasteAt(redirectUri: string, ...lines: string[]): Promise<Pasted> {
  const reasons: string[] = [];
  async function* typed(): AsyncGenerator<string> {
    yield* lines;
  }
  const reject = (reason: string) => void reasons.push(reason);
  const callback = await pastedCallback(typed(), { redirectUri, state: "right", reject });
  return { code: callback?.get("code") ?? undefined, reasons };
}

Deno.test("the address the browser ended at is accepted, as browsers copy it", async () => {
  const address = `${redirectUri}?code=c1&state=right&iss=x`;
  assert.equal((await paste(address)).code, "c1");
  assert.equal((await paste(`  ${address}\r`)).code, "c1");
  assert.equal((await paste(address.replace("http://", ""))).code, "c1");
});

Deno.test("a callback with an error can be pasted", async () => {
  const found = await paste(`${redirectUri}?error=access_denied&state=right`);
  assert.deepEqual(found, { code: undefined, reasons: [] });
});

Deno.test("another line is rejected with a reason that does not repeat it, and the wait continues", async () => {
  const lines = [
    "",
    "hello there",
    "c1-the-bare-code",
    `http://127.0.0.1:4001/callback?code=c1&state=right`,
    `http://127.0.0.1:4000/other?code=c1&state=right`,
    `https://evil.example/callback?code=c1&state=right`,
    `${redirectUri}?code=c1&state=wrong`,
    `${redirectUri}?code=c1`,
    `${redirectUri}?state=right`,
  ];
  const { code, reasons } = await paste(...lines, `${redirectUri}?code=c2&state=right`);
  assert.equal(code, "c2");
  const foreign = `Paste the address the browser ended at. It starts with "${redirectUri}?"`;
  assert.deepEqual(reasons, [
    ...Array(5).fill(foreign),
    "This address belongs to a different sign-in",
    "This address belongs to a different sign-in",
    "This address is incomplete: it has no code or error parameter",
  ]);
});

Deno.test("lines without a callback give undefined", async () => {
  assert.deepEqual(await paste(), { code: undefined, reasons: [] });
});

Deno.test("with a redirect URI without a path, any address of its origin is accepted", async () => {
  const origin = "http://localhost:8020";
  const query = "code=c1&state=right";
  for (
    const address of [`${origin}?${query}`, `${origin}/?${query}`, `localhost:8020/x?${query}`]
  ) {
    assert.deepEqual(await pasteAt(origin, address), { code: "c1", reasons: [] });
  }
  const { code, reasons } = await pasteAt(
    origin,
    `http://localhost:8021/?${query}`,
    `http://127.0.0.1:8020/?${query}`,
    `http://localhost:8020.evil.example/?${query}`,
    `${origin}/?code=c1&state=wrong`,
  );
  assert.equal(code, undefined);
  const foreign = `Paste the address the browser ended at. It starts with "${origin}/"`;
  assert.deepEqual(reasons, [
    ...Array(3).fill(foreign),
    "This address belongs to a different sign-in",
  ]);
});
