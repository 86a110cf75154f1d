import assert from "node:assert/strict";
import { encode, readCredential } from "../../src/credentials/envelope.ts";
import { Secret } from "../../src/secret.ts";
import { PlaintextFileStore } from "../../src/stores/plaintext_file.ts";
import type { SecretStore } from "../../src/stores/secret_store.ts";
import { systemClock } from "../../src/system/clock.ts";
import {
  ended,
  type LoginHome,
  openLoginHome,
  type StoreName,
} from "../interop/login/login_home.ts";
import { type Arena, type Attempt, bothStores, type Campaign, LostLogin } from "./campaign.ts";
import type { Finish } from "./campaign.ts";
import {
  assertNothingLeft,
  assertPrivate,
  assertSecretsOnlyIn,
  letAnHourPass,
  plaintextFile,
  textOf,
} from "./files.ts";

const names = ["p0", "p1", "p2", "p3", "p4"];
const tokens = names.map((name) => `secret-${crypto.randomUUID()}-of-${name}`);

/** Moves logins out of the named store. */
export const move: Campaign = {
  name: "move",
  stores: bothStores,
  needs: ["keyring"],
  open: async (storeName) => new MoveArena(storeName, await openLoginHome("Secret Service")),
};

class MoveArena implements Arena {
  readonly #home: LoginHome;
  readonly #file: PlaintextFileStore;
  readonly #from: SecretStore;
  readonly #to: SecretStore;
  readonly #modes: readonly ["secure" | "plaintext", "secure" | "plaintext"];
  #round = 0;

  constructor(from: StoreName, home: LoginHome) {
    this.#home = home;
    const path = `${home.state}/credentials.json`;
    this.#file = new PlaintextFileStore({ path, clock: systemClock(), notice: () => {} });
    const isFile = from === "plaintext file";
    this.#from = isFile ? this.#file : home.store;
    this.#to = isFile ? home.store : this.#file;
    this.#modes = isFile ? ["plaintext", "secure"] : ["secure", "plaintext"];
  }

  get home(): LoginHome {
    return this.#home;
  }

  async setUp(): Promise<void> {
    for (const account of await this.#to.list()) await this.#to.delete(account);
    for (const account of await this.#from.list()) await this.#from.delete(account);
    await Deno.writeTextFile(this.#home.configFile, profilesIn(this.#modes[0]));
    for (const [i, name] of names.entries()) {
      const token = new Secret(tokens[i] ?? "");
      await this.#from.set(`token:${name}`, encode({ kind: "pat", token, obtainedAt: 0 }));
      if (this.#from === this.#home.store) await this.#home.noteKeychain(`token:${name}`);
    }
  }

  start(tracer: readonly string[] = []): Attempt {
    const process = this.#home.start(["storage", "move", this.#modes[1]], tracer);
    return { process, ending: ended(process) };
  }

  async check(): Promise<void> {
    await assertPrivate(this.home.directory);
    for (const [i, name] of names.entries()) {
      const kept = [await readToken(name, this.#from), await readToken(name, this.#to)]
        .filter((it) => it !== undefined);
      if (kept.length === 0) throw new LostLogin(`no login is stored for "${name}"`);
      assert.deepEqual([...new Set(kept)], [tokens[i]]);
    }
    const text = await textOf(this.#home.configFile) ?? "";
    assert.ok(this.#modes.map(profilesIn).includes(text), `the profile file is torn: ${text}`);
    await assertSecretsOnlyIn(plaintextFile, this.#home.directory, tokens);
    await this.#assertAnswers();
  }

  async finish(): Promise<Finish> {
    await letAnHourPass(this.#home.directory);
    const { code, stderr } = await this.#home.run(["storage", "move", this.#modes[1]]);
    assert.equal(code, 0, stderr);
    assert.deepEqual(await this.#from.list(), []);
    for (const [i, name] of names.entries()) {
      assert.equal(await readToken(name, this.#to), tokens[i]);
    }
    assert.equal(await textOf(this.#home.configFile), profilesIn(this.#modes[1]));
    const may = this.#modes[1] === "secure" ? undefined : plaintextFile;
    await assertSecretsOnlyIn(may, this.#home.directory, tokens);
    await assertNothingLeft(this.#home.directory);
    return "done";
  }

  /** Asserts that fob finds the token of an incomplete move. */
  async #assertAnswers(): Promise<void> {
    const i = this.#round++ % names.length;
    const { code, stdout, stderr } = await this.#home.run(["auth", "token", `p${i}`, "-o", "text"]);
    if (code !== 0) {
      throw new LostLogin(`auth token exited with ${code} after an incomplete move: ${stderr}`);
    }
    assert.equal(stdout.trim(), tokens[i]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#home[Symbol.asyncDispose]();
  }
}

/** The text of the profile file with this storage mode. */
function profilesIn(mode: "secure" | "plaintext"): string {
  const sections = names.map((name) => `[${name}]\nprovider = token\n`);
  return `[__settings__]\nauth_storage = ${mode}\n\n${sections.join("\n")}`;
}

async function readToken(name: string, store: SecretStore): Promise<string | undefined> {
  const credential = await readCredential(`token:${name}`, store);
  return credential?.kind === "pat" ? credential.token.reveal() : undefined;
}
