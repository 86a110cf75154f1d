import assert from "node:assert/strict";
import type { OAuthCredential } from "../../src/credentials/credential.ts";
import {
  ended,
  type LoginHome,
  openLoginHome,
  type StoreName,
} from "../interop/login/login_home.ts";
import type { Arena, Attempt, Campaign, Finish } from "./campaign.ts";
import { bothStores } from "./campaign.ts";
import {
  assertNothingLeft,
  assertPrivate,
  assertSecretsOnlyIn,
  letAnHourPass,
  plaintextFile,
  textOf,
} from "./files.ts";
import { assertAnswers, keptIn, reveal, secretsOf } from "./logins.ts";

const words = ["auth", "logout", "work"];

export const logout: Campaign = {
  name: "logout",
  stores: bothStores,
  needs: [],
  open: async (storeName) => new LogoutArena(storeName, await openLoginHome(storeName)),
};

class LogoutArena implements Arena {
  readonly #storeName: StoreName;
  readonly #home: LoginHome;
  #before: OAuthCredential | undefined;
  #profiles: string | undefined;

  constructor(storeName: StoreName, home: LoginHome) {
    this.#storeName = storeName;
    this.#home = home;
  }

  get home(): LoginHome {
    return this.#home;
  }

  async setUp(): Promise<void> {
    this.#before = await this.#home.signIn(0);
    this.#profiles = await textOf(this.#home.configFile);
  }

  start(tracer: readonly string[] = []): Attempt {
    const process = this.#home.start(words, tracer);
    return { process, ending: ended(process) };
  }

  async check(): Promise<void> {
    await assertPrivate(this.home.directory);
    const now = await keptIn(this.#home.store);
    if (now !== undefined) assert.deepEqual(reveal(now), reveal(this.#before));
    else this.#assertRevoked("the deleted login is still active at the server");
    assert.equal(await textOf(this.#home.configFile), this.#profiles);
    const may = this.#storeName === "plaintext file" ? plaintextFile : undefined;
    await assertSecretsOnlyIn(may, this.#home.directory, this.#secrets());
    if (now !== undefined) await assertAnswers(now, this.#home);
  }

  async finish(): Promise<Finish> {
    await letAnHourPass(this.#home.directory);
    const { code, stdout, stderr } = await this.#home.run(words);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^(Signed out of|Not signed in to) "work"/);
    assert.equal(await keptIn(this.#home.store), undefined);
    this.#assertRevoked("the login is still active at the server");
    await assertSecretsOnlyIn(undefined, this.#home.directory, this.#secrets());
    const notes = await Array.fromAsync(Deno.readDir(`${this.#home.state}/keychain`)).catch(
      () => [],
    );
    assert.deepEqual(notes, [], "a note of the deleted login is left");
    await assertNothingLeft(this.#home.directory);
    return "done";
  }

  #secrets(): string[] {
    return this.#before === undefined ? [] : secretsOf(this.#before);
  }

  #assertRevoked(message: string): void {
    const token = this.#before?.tokens.accessToken.reveal() ?? "";
    assert.equal(this.#home.server.isActive(token), false, message);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#home[Symbol.asyncDispose]();
  }
}
