import assert from "node:assert/strict";
import type { OAuthCredential } from "../../src/credentials/credential.ts";
import { type Keeping, type LoginHome, openLoginHome } from "../interop/login/login_home.ts";
import { lines } from "../rigs/lines.ts";
import { type Arena, type Attempt, bothStores, type Campaign, LostLogin } from "./campaign.ts";
import type { Ending, Finish } from "./campaign.ts";
import {
  assertNothingLeft,
  assertPrivate,
  assertSecretsOnlyIn,
  letAnHourPass,
  plaintextFile,
  textOf,
} from "./files.ts";
import { assertAnswers, keptIn, reveal, secretsOf } from "./logins.ts";

const account = "oidc:work";

export const login: Campaign = {
  name: "login",
  stores: bothStores,
  needs: [],
  open: async (keeping) => new LoginArena(keeping, await openLoginHome(keeping)),
};

/** Signs in for the first time and, every second time, in place of a login that is good. */
class LoginArena implements Arena {
  readonly #keeping: Keeping;
  readonly #home: LoginHome;
  readonly #words: readonly string[];
  #round = 0;
  #before: OAuthCredential | undefined;
  /** What the browser shows last. */
  #page = "";

  constructor(keeping: Keeping, home: LoginHome) {
    this.#keeping = keeping;
    this.#home = home;
    const { issuer } = home.server;
    const from = ["--provider", "oidc", "--issuer", issuer, "--client-id", "fob"];
    this.#words = ["auth", "login", "work", ...from, "--no-browser"];
  }

  get home(): LoginHome {
    return this.#home;
  }

  async setUp(): Promise<void> {
    const isAgain = this.#round++ % 2 === 1;
    if (isAgain) {
      this.#before = await this.#home.signIn(0);
    } else {
      this.#before = undefined;
      await this.#home.store.delete(account);
      await Deno.remove(this.#home.configFile).catch(() => {});
    }
  }

  start(tracer: readonly string[] = []): Attempt {
    this.#page = "";
    const process = this.#home.start(this.#words, tracer);
    return { process, ending: this.#approve(process) };
  }

  async check(): Promise<void> {
    await assertPrivate(this.home.directory);
    const now = await this.#kept();
    await this.#assertProfile(now !== undefined);
    if (this.#page.includes("You are signed in") && !this.#isNew(now)) {
      throw new LostLogin("the page in the browser says that the login is kept, and it is not");
    }
    if (now === undefined && this.#before !== undefined) throw new LostLogin("nothing is kept");
    const known = [now, this.#before].filter((it) => it !== undefined);
    const may = this.#keeping === "plaintext file" ? plaintextFile : undefined;
    await assertSecretsOnlyIn(may, this.#home.directory, known.flatMap(secretsOf));
    if (now === undefined) return;
    if (!this.#isNew(now)) assert.deepEqual(reveal(now), reveal(this.#before));
    this.#assertActive(now);
    await assertAnswers(now, this.#home);
  }

  async finish(): Promise<Finish> {
    await letAnHourPass(this.#home.directory);
    const { code, stderr } = await this.start().ending;
    assert.equal(code, 0, stderr);
    assert.ok(this.#page.includes("You are signed in"), "the page does not say so");
    await this.check();
    await assertNothingLeft(this.#home.directory);
    return "done";
  }

  /** The profile is whole, and there before its login. One that was made for nothing is taken out again. */
  async #assertProfile(isKept: boolean): Promise<void> {
    const text = await textOf(this.#home.configFile);
    const { issuer } = this.#home.server;
    const section = `[work]\nprovider = oidc\nissuer = ${issuer}\nclient_id = fob\n`;
    if (!isKept && (text === undefined || text === "")) return;
    assert.equal(text, section, "the profile is not whole");
  }

  /** Does what a person and their browser do, as far as fob lives to hear of it. */
  async #approve(process: Deno.ChildProcess): Promise<Ending> {
    const [stdout, status, said] = [new Response(process.stdout).text(), process.status, [""]];
    let visit: Promise<string> = Promise.resolve("");
    for await (const line of lines(process.stderr)) {
      said.push(line);
      const address = /^ +(http\S+\/authorize\?\S+)/.exec(line)?.[1];
      if (address !== undefined) visit = approve(address).catch(() => "");
    }
    this.#page = await visit;
    await process.stdin.close().catch(() => {});
    return { code: (await status).code, stdout: await stdout, stderr: said.join("\n") };
  }

  async #kept(): Promise<OAuthCredential | undefined> {
    try {
      return await keptIn(this.#home.store);
    } catch (cause) {
      throw new LostLogin(`what is kept is not whole: ${cause}`, { cause });
    }
  }

  #isNew(now: OAuthCredential | undefined): boolean {
    return now !== undefined &&
      this.#before?.tokens.accessToken.equals(now.tokens.accessToken) !== true;
  }

  #assertActive({ tokens }: OAuthCredential): void {
    if (this.#home.server.isActive(tokens.accessToken.reveal())) return;
    throw new LostLogin("the server does not take what is kept");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#home[Symbol.asyncDispose]();
  }
}

/** The page that fob shows behind the callback. */
async function approve(address: string): Promise<string> {
  const arrival = await fetch(address, { redirect: "manual" });
  await arrival.body?.cancel();
  return await (await fetch(arrival.headers.get("location") ?? "")).text();
}
