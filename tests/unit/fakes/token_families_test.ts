import { equal, notEqual } from "node:assert/strict";
import { FakeClock } from "../../fakes/machine/clock.ts";
import { TokenFamilies } from "../../fakes/servers/token_families.ts";

const clock = (): FakeClock => new FakeClock(0);

function started(now = clock()): { families: TokenFamilies; access: string; refresh: string } {
  const families = new TokenFamilies(() => now.now());
  const { accessToken: access, refreshToken: refresh = "" } = families.start("all");
  return { families, access, refresh };
}

Deno.test("a reused refresh token revokes its family", () => {
  const { families, access, refresh } = started();
  const next = families.rotate(refresh);
  notEqual(next?.refreshToken, refresh);
  equal(families.isActive(access), true);
  equal(families.rotate(refresh), undefined);
  equal(families.isActive(access), false);
  equal(families.rotate(next?.refreshToken ?? ""), undefined);
});

Deno.test("with rotation only, a reused refresh token is refused and the family stays active", () => {
  const { families, refresh } = started();
  families.rotation = "rotate";
  const next = families.rotate(refresh);
  equal(families.rotate(refresh), undefined);
  equal(families.revoked, false);
  notEqual(families.rotate(next?.refreshToken ?? ""), undefined);
});

Deno.test("without rotation, a refresh token stays active and no response has one", () => {
  const { families, refresh } = started();
  families.rotation = "keep";
  for (const _ of [1, 2]) equal(families.rotate(refresh)?.refreshToken, undefined);
  equal(families.isActive(families.rotate(refresh)?.accessToken ?? ""), true);
});

Deno.test("an adopted refresh token is accepted", () => {
  const { families } = started();
  families.adopt("rt-old", "all", "ada");
  equal(families.rotate("rt-old")?.family.principal, "ada");
});

Deno.test("access tokens can be expired without the refresh tokens", () => {
  const { families, access, refresh } = started();
  families.expireAccessTokens();
  equal(families.isActive(access), false);
  equal(families.isActive(families.rotate(refresh)?.accessToken ?? ""), true);
});

Deno.test("a family without a refresh token has none", () => {
  const { families } = started();
  equal(families.startWithoutRefresh("all").refreshToken, undefined);
});
