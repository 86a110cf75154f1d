import assert from "node:assert/strict";
import { pastedCallback } from "../../../../src/oauth/grants/pasted_callback.ts";

const redirectUri = "http://127.0.0.1:4000/callback";

interface Pasted {
  readonly code: string | undefined;
  readonly reasons: string[];
}

/** What pasting `lines` gives, and why lines were not taken. */
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

Deno.test("the address that the browser ended at is taken, as browsers copy it", async () => {
  const address = `${redirectUri}?code=c1&state=right&iss=x`;
  assert.equal((await paste(address)).code, "c1");
  assert.equal((await paste(`  ${address}\r`)).code, "c1");
  assert.equal((await paste(address.replace("http://", ""))).code, "c1");
});

Deno.test("a refusal can be pasted too", async () => {
  const found = await paste(`${redirectUri}?error=access_denied&state=right`);
  assert.deepEqual(found, { code: undefined, reasons: [] });
});

Deno.test("what is no callback is refused with a reason that does not repeat it, and the wait goes on", async () => {
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
  const foreign =
    `That is not the address that the browser ended at: it begins with "${redirectUri}?"`;
  assert.deepEqual(reasons, [
    ...Array(5).fill(foreign),
    "That address belongs to another sign-in",
    "That address belongs to another sign-in",
    "That address is cut off: it holds no answer",
  ]);
});

Deno.test("lines that end without a callback give none", async () => {
  assert.deepEqual(await paste(), { code: undefined, reasons: [] });
});

Deno.test("where the redirect has no path, an address of that origin is taken", async () => {
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
  const foreign = `That is not the address that the browser ended at: it begins with "${origin}/"`;
  assert.deepEqual(reasons, [...Array(3).fill(foreign), "That address belongs to another sign-in"]);
});
