import assert from "node:assert/strict";
import type { OAuthProvider, SignedIn, SignInTarget } from "../../src/providers/provider.ts";
import { failure, fakePrompts } from "../unit/oauth/fixture.ts";

/** A fake of a platform's servers for the suite. */
export interface PlatformDouble extends AsyncDisposable {
  readonly provider: OAuthProvider;
  /** The sign-in target that a user gives. */
  readonly target: SignInTarget;
  readonly issuer: string;
  /** The URL on the fake for the platform's `url`. */
  browse(url: URL): URL;
  isActive(accessToken: string): boolean;
  /** Whether a login was ended: by its client, by the platform, or because a refresh token was used twice. */
  readonly hasEnded: boolean;
  /** Ends every login, as when the user withdraws consent at the platform. */
  endAll(): void;
  /** Stops the servers. */
  goAway(): Promise<void>;
}

/** A platform for the suite. */
export interface Subject {
  /** The platform's ID. */
  readonly id: string;
  /** Whether its server supports revocation (RFC 7009). */
  readonly revokes: boolean;
  open(): Promise<PlatformDouble>;
}

/** Registers the tests that every platform must pass. */
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

  "a sign-in returns tokens and passes the same tokens to be saved": async (double) => {
    const saved: SignedIn[] = [];
    const signedIn = await signIn(double, saved);
    assert.deepEqual(saved.map(({ tokens }) => tokens), [signedIn.tokens]);
    assert.equal(signedIn.issuer, double.issuer);
    assert.notEqual(signedIn.clientId, "");
    assert.equal(double.isActive(signedIn.tokens.accessToken.reveal()), true);
    assert.notEqual(signedIn.tokens.refreshToken, undefined);
  },

  "a refresh returns a new token, and each refresh token is used once": async (double) => {
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

  "a refresh returns its tokens through the wrapper of the request": async (double) => {
    const login = await signIn(double);
    let inside: unknown;
    const tokens = await double.provider.refresh(login, async (send) => {
      const brought = await send();
      inside = brought;
      return brought;
    });
    assert.equal(inside, tokens);
  },

  "an ended login is sign_in_again": async (double) => {
    const login = await signIn(double);
    double.endAll();
    const { message } = await failure("sign_in_again", () => double.provider.refresh(login));
    assert.equal(message.includes(login.tokens.refreshToken?.reveal() ?? "?"), false, message);
  },

  "a used refresh token is sign_in_again": async (double) => {
    const login = await signIn(double);
    await double.provider.refresh(login);
    await failure("sign_in_again", () => double.provider.refresh(login));
  },

  "a server that is down is provider_unreachable": async (double) => {
    const login = await signIn(double);
    await double.goAway();
    const { code } = await failure("provider_unreachable", () => double.provider.refresh(login));
    assert.equal(code, "provider_unreachable");
  },

  "a login is revoked, or revocation is unsupported": async (double, { revokes }) => {
    const login = await signIn(double);
    const { outcome } = await double.provider.revoke(login);
    assert.equal(outcome, revokes ? "revoked" : "unsupported");
    assert.equal(double.isActive(login.tokens.accessToken.reveal()), !revokes);
    assert.equal(double.hasEnded, revokes);
    if (revokes) await failure("sign_in_again", () => double.provider.refresh(login));
  },

  "a revocation at a server that is down does not throw": async (
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

/** Signs in the platform's only user, who approves at once. */
function signIn(double: PlatformDouble, saved: SignedIn[] = []): Promise<SignedIn> {
  const prompts = fakePrompts({
    onUrl: (url) =>
      void follow(url, double).catch(() => {
        // The sign-in itself reports the failure.
      }),
  });
  const keep = (signedIn: SignedIn): Promise<void> => {
    saved.push(signedIn);
    return Promise.resolve();
  };
  const signal = AbortSignal.timeout(10_000);
  return double.provider.signIn(double.target, "browser", prompts, keep, signal);
}

/** Follows redirects as a browser does, up to the page of the loopback redirect. */
async function follow(url: URL, double: PlatformDouble): Promise<void> {
  const response = await fetch(double.browse(url), { redirect: "manual" });
  await response.body?.cancel();
  const next = response.headers.get("location");
  if (next !== null) await follow(new URL(next, url), double);
}
