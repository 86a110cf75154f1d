import { deepEqual, equal, rejects } from "node:assert/strict";
import { type ErrorCode, FobError } from "../../../src/errors.ts";
import { Secret } from "../../../src/secret.ts";
import type { FoundToken, TokenRequest } from "../../../src/tokens/token.ts";
import { openTokenSource, type TokenSource } from "../../../src/tokens/token_source.ts";
import { FakeClock } from "../../fakes/machine/clock.ts";

const start = Date.UTC(2026, 0, 1);

/** A login with numbered tokens that live `life` milliseconds. */
class Login {
  readonly clock = new FakeClock(start);
  readonly notices: string[] = [];
  readonly requests: TokenRequest[] = [];
  readonly since: (number | undefined)[] = [];
  failure: FobError | undefined;
  count = 0;

  constructor(readonly life: number | undefined) {}

  /** Returns the next token. */
  find = async (request: TokenRequest, since?: number): Promise<FoundToken> => {
    this.requests.push(request);
    this.since.push(since);
    await Promise.resolve();
    if (this.failure !== undefined) throw this.failure;
    this.count++;
    const end = this.life === undefined ? {} : { expiresAt: this.clock.now() + this.life };
    const token = new Secret(`token-${this.count}`);
    return { token, tokenType: "Bearer", host: "https://api.example.com", ...end };
  };

  async open(minTtl?: number): Promise<TokenSource> {
    const notice = (text: string): void => void this.notices.push(text);
    return await openTokenSource(minTtl, { find: this.find, clock: this.clock, notice });
  }
}

async function token(source: TokenSource, force = false): Promise<string> {
  return (await source.current({ force })).token.reveal();
}

Deno.test("a source has the host of its tokens, and returns the first one without another search", async () => {
  const login = new Login(3_600_000);
  await using source = await login.open();
  equal(source.facts.host, "https://api.example.com");
  equal(source.facts.provider, undefined);
  equal(await token(source), "token-1");
  equal(login.count, 1);
});

Deno.test("a token is replaced five minutes before its expiry, or in the last third of its lifetime", async () => {
  for (const [life, last] of [[3_600_000, 3_299_999], [300_000, 199_999]] as const) {
    const login = new Login(life);
    await using source = await login.open();
    login.clock.advance(last);
    equal(await token(source), "token-1");
    login.clock.advance(1);
    equal(await token(source), "token-2");
  }
});

Deno.test("a token is replaced if it lives shorter than requested", async () => {
  const login = new Login(3_600_000);
  await using source = await login.open(1_200_000);
  login.clock.advance(2_399_999);
  equal(await token(source), "token-1");
  login.clock.advance(1);
  equal(await token(source), "token-2");
  equal(login.requests[1]?.minTtl, 1_200_000);
});

Deno.test("force accepts only a token that is newer than the current one", async () => {
  const login = new Login(undefined);
  await using source = await login.open();
  login.clock.advance(1_000);
  equal(await token(source, true), "token-2");
  equal(await token(source, true), "token-3");
  deepEqual(login.since, [undefined, start + 1, start + 1_001]);
});

Deno.test("concurrent requests share one search", async () => {
  const login = new Login(3_600_000);
  await using source = await login.open();
  const tokens = await Promise.all([1, 2, 3].map(() => token(source, true)));
  equal(tokens.join(), "token-2,token-2,token-2");
  login.clock.advance(3_400_000);
  const mixed = await Promise.all([token(source), token(source, true), token(source)]);
  equal(mixed.join(), "token-3,token-3,token-3");
});

Deno.test("the current token is used until it expires if a search fails", async () => {
  const login = new Login(3_600_000);
  await using source = await login.open();
  login.failure = new FobError("provider_unreachable", "Cannot reach it");
  login.clock.advance(3_500_000);
  equal(await token(source), "token-1");
  equal(
    login.notices.join(),
    "Cannot reach it. Using the current token, which is still valid",
  );
  await rejects(token(source, true), { code: "provider_unreachable" });
  login.clock.advance(100_000);
  await rejects(token(source), { code: "provider_unreachable" });
});

Deno.test("after a sign-out, the held token is not returned", async () => {
  const login = new Login(3_600_000);
  await using source = await login.open();
  login.clock.advance(3_500_000);
  for (const code of ["not_signed_in", "interrupted"] satisfies ErrorCode[]) {
    login.failure = new FobError(code, "No");
    await rejects(token(source), { code });
  }
});

Deno.test("after a lost login, the held token is not returned", async () => {
  const login = new Login(3_600_000);
  await using source = await login.open();
  login.clock.advance(3_500_000);
  login.failure = new FobError("store_timeout", "Cannot be kept", { facts: { spent: "yes" } });
  await rejects(token(source), { code: "store_timeout" });
  deepEqual(login.notices, []);
});
