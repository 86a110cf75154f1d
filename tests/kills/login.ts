import assert from "node:assert/strict";
import type { OAuthCredential } from "../../src/credentials/credential.ts";
import { type LoginHome, openLoginHome, type StoreName } from "../interop/login/login_home.ts";
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
  open: async (storeName) => new LoginArena(storeName, await openLoginHome(storeName)),
};

/** Signs in, every second time over an existing login. */
class LoginArena implements Arena {
  readonly #storeName: StoreName;
  readonly #home: LoginHome;
  readonly #words: readonly string[];
  #round = 0;
  #before: OAuthCredential | undefined;
  /** The last page in the browser. */
  #page = "";

  constructor(storeName: StoreName, home: LoginHome) {
    this.#storeName = storeName;
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
      throw new LostLogin("the browser page confirms the sign-in, but the login is not stored");
    }
    if (now === undefined && this.#before !== undefined) throw new LostLogin("no login is stored");
    const known = [now, this.#before].filter((it) => it !== undefined);
    const may = this.#storeName === "plaintext file" ? plaintextFile : undefined;
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
    assert.ok(
      this.#page.includes("You are signed in"),
      "the browser page does not confirm the sign-in",
    );
    await this.check();
    await assertNothingLeft(this.#home.directory);
    return "done";
  }

  /** Asserts that the profile is complete if its login is stored, and complete or absent otherwise. */
  async #assertProfile(isKept: boolean): Promise<void> {
    const text = await textOf(this.#home.configFile);
    const { issuer } = this.#home.server;
    const section = `[work]\nprovider = oidc\nissuer = ${issuer}\nclient_id = fob\n`;
    if (!isKept && (text === undefined || text === "")) return;
    assert.equal(text, section, "the profile is incomplete");
  }

  /** Opens the printed address like a browser, until fob ends. */
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
      throw new LostLogin(`the stored login is invalid: ${cause}`, { cause });
    }
  }

  #isNew(now: OAuthCredential | undefined): boolean {
    return now !== undefined &&
      this.#before?.tokens.accessToken.equals(now.tokens.accessToken) !== true;
  }

  #assertActive({ tokens }: OAuthCredential): void {
    if (this.#home.server.isActive(tokens.accessToken.reveal())) return;
    throw new LostLogin("the server rejects the stored login");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#home[Symbol.asyncDispose]();
  }
}

/** Follows the authorization redirect and returns the page that fob shows. */
async function approve(address: string): Promise<string> {
  const arrival = await fetch(address, { redirect: "manual" });
  await arrival.body?.cancel();
  return await (await fetch(arrival.headers.get("location") ?? "")).text();
}
