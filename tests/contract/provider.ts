import assert from "node:assert/strict";
import type { OAuthProvider, SignedIn, SignInTarget } from "../../src/providers/provider.ts";
import { failure, fakePrompts } from "../unit/oauth/fixture.ts";

/** The double of a platform's servers, as the suite needs it. */
export interface PlatformDouble extends AsyncDisposable {
  readonly provider: OAuthProvider;
  /** What a person says of where to sign in. */
  readonly target: SignInTarget;
  readonly issuer: string;
  /** Where a browser really goes that is sent to `url`. */
  browse(url: URL): URL;
  isActive(accessToken: string): boolean;
  /** Whether any login was ended: by its own client, by the platform, or as its token was spent twice. */
  readonly hasEnded: boolean;
  /** Ends every login, as when the person withdraws consent at the platform. */
  endAll(): void;
  /** Takes the servers away. */
  goAway(): Promise<void>;
}

/** One platform, as the suite needs it. */
export interface Subject {
  /** A platform's id. */
  readonly id: string;
  /** Whether its server can be told that a login shall end (RFC 7009). */
  readonly revokes: boolean;
  open(): Promise<PlatformDouble>;
}

/** Registers the promises that every platform keeps. */
export function testProvider(subject: Subject): void {
  for (const [promise, check] of Object.entries(promises)) {
    Deno.test(`${subject.id}: ${promise}`, async () => {
      await using double = await subject.open();
      await check(double, subject);
    });
  }
}

type Check = (double: PlatformDouble, subject: Subject) => Promise<void>;

const promises: Readonly<Record<string, Check>> = {
  "its authorization server is found": async (double) => {
    const { issuer } = await double.provider.find(double.target, AbortSignal.timeout(10_000));
    assert.equal(issuer, double.issuer);
  },

  "a sign-in brings tokens, and hands just those over to be kept": async (double) => {
    const kept: SignedIn[] = [];
    const signedIn = await signIn(double, kept);
    assert.deepEqual(kept.map(({ tokens }) => tokens), [signedIn.tokens]);
    assert.equal(signedIn.issuer, double.issuer);
    assert.notEqual(signedIn.clientId, "");
    assert.equal(double.isActive(signedIn.tokens.accessToken.reveal()), true);
    assert.notEqual(signedIn.tokens.refreshToken, undefined);
  },

  "a refresh brings another token, and each refresh token is spent once": async (double) => {
    let login = await signIn(double);
    const spent = new Set<string | undefined>();
    for (let round = 0; round < 3; round++) {
      const before = login.tokens;
      spent.add(before.refreshToken?.reveal());
      login = { ...login, tokens: await double.provider.refresh(login) };
      assert.notEqual(login.tokens.accessToken.reveal(), before.accessToken.reveal());
      assert.equal(double.isActive(login.tokens.accessToken.reveal()), true);
      assert.equal(spent.has(login.tokens.refreshToken?.reveal()), false);
    }
    assert.equal(double.hasEnded, false);
  },

  "what a refresh brings is handed over where it is sent from": async (double) => {
    const login = await signIn(double);
    let inside: unknown;
    const tokens = await double.provider.refresh(login, async (send) => {
      const brought = await send();
      inside = brought;
      return brought;
    });
    assert.equal(inside, tokens);
  },

  "a login that has ended must be signed in again": async (double) => {
    const login = await signIn(double);
    double.endAll();
    const { message } = await failure("sign_in_again", () => double.provider.refresh(login));
    assert.equal(message.includes(login.tokens.refreshToken?.reveal() ?? "?"), false, message);
  },

  "a refresh token that was spent ends in a sign-in too": async (double) => {
    const login = await signIn(double);
    await double.provider.refresh(login);
    await failure("sign_in_again", () => double.provider.refresh(login));
  },

  "a server that is away says nothing of the login": async (double) => {
    const login = await signIn(double);
    await double.goAway();
    const { code } = await failure("provider_unreachable", () => double.provider.refresh(login));
    assert.equal(code, "provider_unreachable");
  },

  "a login is ended at the server, or that cannot be done": async (double, { revokes }) => {
    const login = await signIn(double);
    const { outcome } = await double.provider.revoke(login);
    assert.equal(outcome, revokes ? "revoked" : "unsupported");
    assert.equal(double.isActive(login.tokens.accessToken.reveal()), !revokes);
    assert.equal(double.hasEnded, revokes);
    if (revokes) await failure("sign_in_again", () => double.provider.refresh(login));
  },

  "a server that is away is no reason to throw where a login shall end": async (
    double,
    { revokes },
  ) => {
    const login = await signIn(double);
    await double.goAway();
    const { outcome } = await double.provider.revoke(login);
    assert.equal(outcome === "revoked", false);
    if (revokes) assert.equal(outcome, "failed");
  },
};

/** Signs the platform's one person in, who approves at once. */
function signIn(double: PlatformDouble, kept: SignedIn[] = []): Promise<SignedIn> {
  const agent = fakePrompts({
    onUrl: (url) =>
      void follow(url, double).catch(() => {
        // The sign-in fails, and says why.
      }),
  });
  const keep = (signedIn: SignedIn): Promise<void> => {
    kept.push(signedIn);
    return Promise.resolve();
  };
  const signal = AbortSignal.timeout(10_000);
  return double.provider.signIn(double.target, "browser", agent, keep, signal);
}

/** Goes where the server sends a browser, up to the page of the loopback redirect. */
async function follow(url: URL, double: PlatformDouble): Promise<void> {
  const response = await fetch(double.browse(url), { redirect: "manual" });
  await response.body?.cancel();
  const next = response.headers.get("location");
  if (next !== null) await follow(new URL(next, url), double);
}
