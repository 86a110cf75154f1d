import assert from "node:assert/strict";
import type { OAuthCredential } from "../../src/credentials/credential.ts";
import {
  ended,
  type LoginHome,
  openLoginHome,
  type StoreName,
  tokenIn,
} from "../interop/login/login_home.ts";
import {
  type Arena,
  type Attempt,
  bothStores,
  type Campaign,
  type Ending,
  type Finish,
  LostLogin,
} from "./campaign.ts";
import {
  assertNothingLeft,
  assertPrivate,
  assertSecretsOnlyIn,
  letAnHourPass,
  plaintextFile,
  textOf,
} from "./files.ts";
import { keptOrLost, reveal, secretsOf } from "./logins.ts";

const twoHours = 7_200_000;
const authToken = ["auth", "token"];

export const refresh: Campaign = {
  name: "refresh",
  stores: bothStores,
  needs: [],
  open: async (storeName) => new RefreshArena(storeName, await openLoginHome(storeName)),
};

class RefreshArena implements Arena {
  readonly #storeName: StoreName;
  readonly #home: LoginHome;
  #before: OAuthCredential | undefined;
  #spentBefore = 0;

  constructor(storeName: StoreName, home: LoginHome) {
    this.#storeName = storeName;
    this.#home = home;
  }

  get home(): LoginHome {
    return this.#home;
  }

  async setUp(): Promise<void> {
    this.#before = await this.#home.signIn(twoHours);
    this.#spentBefore = this.#home.server.count("refresh_token");
  }

  start(tracer: readonly string[] = []): Attempt {
    const process = this.#home.start(authToken, tracer);
    return { process, ending: ended(process) };
  }

  async check({ stdout }: Ending): Promise<void> {
    await assertPrivate(this.home.directory);
    const now = await keptOrLost(this.#home);
    if (this.#isOld(now)) {
      assert.equal(stdout, "", "a token was returned before it was stored");
      assert.deepEqual(reveal(now), reveal(this.#before));
    } else {
      this.#assertGood(now);
      if (stdout !== "") assert.equal(JSON.parse(stdout).access_token, accessTokenOf(now));
    }
    const secrets = [now, this.#before ?? now].flatMap(secretsOf);
    const may = this.#storeName === "plaintext file" ? plaintextFile : undefined;
    await assertSecretsOnlyIn(may, this.#home.directory, secrets);
  }

  async finish(): Promise<Finish> {
    await letAnHourPass(this.#home.directory);
    const finish = await this.#ask();
    // After a reported loss, the user signs in again, which removes the leftover files.
    if (finish === "reported") await this.#home.signIn(0);
    await assertNothingLeft(this.#home.directory);
    return finish;
  }

  async #ask(): Promise<Finish> {
    const began = (await textOf(this.#home.lockFile))?.trim().split(" ")[1] ?? "no time";
    const run = await this.#home.run(authToken);
    const now = await keptOrLost(this.#home);
    if (run.code === 0) {
      assert.equal(tokenIn(run), accessTokenOf(now));
      this.#assertGood(now);
      return "done";
    }
    const isReported = run.code === 4 && run.stdout === "" && this.#spent() === 1 &&
      this.#isOld(now) &&
      run.stderr.includes(
        `A refresh that started at ${began} was interrupted before the new tokens were stored`,
      );
    if (!isReported) throw new LostLogin(`fob exited with ${run.code}: ${run.stderr}`);
    return "reported";
  }

  #isOld(now: OAuthCredential): boolean {
    return accessTokenOf(now) === this.#before?.tokens.accessToken.reveal();
  }

  #spent(): number {
    return this.#home.server.count("refresh_token") - this.#spentBefore;
  }

  #assertGood(now: OAuthCredential): void {
    if (!this.#home.server.isActive(accessTokenOf(now))) {
      throw new LostLogin("the server rejects the stored login");
    }
    assert.equal(this.#spent(), 1, "number of refreshes");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#home[Symbol.asyncDispose]();
  }
}

function accessTokenOf({ tokens }: OAuthCredential): string {
  return tokens.accessToken.reveal();
}
