import assert from "node:assert/strict";
import { readCredential } from "../../src/credentials/envelope.ts";
import {
  ended,
  type LoginHome,
  openLoginHome,
  type StoreName,
} from "../interop/login/login_home.ts";
import type { Arena, Attempt, Campaign, Finish } from "./campaign.ts";
import { bothStores, LostLogin } from "./campaign.ts";
import {
  assertNothingLeft,
  assertPrivate,
  assertSecretsOnlyIn,
  letAnHourPass,
  plaintextFile,
  textOf,
} from "./files.ts";

const words = ["migrate", "--from", "gh", "--remove"];
const logins = { "github.com": "gho_ada-canary-111", "bob@github.com": "gho_bob-canary-222" };
const before = `# mine, keep
github.com:
    users:
        ada:
            oauth_token: gho_ada-canary-111   # hers
        bob:
            oauth_token: "gho_bob-canary-222"

    git_protocol:   https
    oauth_token: gho_ada-canary-111
    user: ada
`;
const after = `# mine, keep
github.com:
    users:
        ada:
        bob:

    git_protocol:   https
    user: ada
`;

export const migrate: Campaign = {
  name: "migrate",
  stores: bothStores,
  needs: [],
  open: async (storeName) => new MigrateArena(storeName, await openLoginHome(storeName)),
};

/** Moves the tokens of gh out of its file, and undoes that. */
class MigrateArena implements Arena {
  readonly #storeName: StoreName;
  readonly #home: LoginHome;
  readonly #file: string;
  #profiles: string | undefined;

  constructor(storeName: StoreName, home: LoginHome) {
    this.#storeName = storeName;
    this.#home = home;
    this.#file = `${home.directory}/.config/gh/hosts.yml`;
  }

  get home(): LoginHome {
    return this.#home;
  }

  async setUp(): Promise<void> {
    for (const account of await this.#home.store.list()) await this.#home.store.delete(account);
    this.#profiles ??= await Deno.readTextFile(this.#home.configFile);
    await Deno.writeTextFile(this.#home.configFile, this.#profiles);
    const folder = this.#file.replace(/\/[^/]*$/, "");
    await Deno.remove(folder, { recursive: true }).catch(() => {});
    await Deno.remove(`${this.#home.state}/notes`, { recursive: true }).catch(() => {});
    await Deno.mkdir(folder, { mode: 0o700 });
    await Deno.writeTextFile(this.#file, before, { mode: 0o600 });
  }

  start(tracer: readonly string[] = []): Attempt {
    const process = this.#home.start(words, tracer);
    return { process, ending: ended(process) };
  }

  async check(): Promise<void> {
    await assertPrivate(this.home.directory);
    const [text, backup] = [await textOf(this.#file), await textOf(`${this.#file}.fob-backup`)];
    assert.ok(text === before || text === after, `the file is torn: ${text}`);
    assert.ok(backup === undefined || backup === before, `the backup is torn: ${backup}`);
    await this.#assertProfiles(text === after);
    if (text === after) {
      assert.equal(backup, before);
      await this.#assertKept();
    }
    await this.#assertSecretsWhereTheyMayBe(/\/gh\/\.?hosts\.yml/);
  }

  async finish(): Promise<Finish> {
    await letAnHourPass(this.#home.directory);
    const run = await this.#home.run(words);
    assert.equal(run.code, 0, run.stderr);
    await this.check();
    assert.equal(await textOf(this.#file), after);
    await this.#assertSecretsWhereTheyMayBe(/\/gh\/hosts\.yml\.fob-backup$/);
    const undo = await this.#home.run(["migrate", "--from", "gh", "--undo"]);
    assert.equal(undo.code, 0, undo.stderr);
    assert.equal(await textOf(this.#file), before);
    await this.#assertSecretsWhereTheyMayBe(/\/gh\/hosts\.yml$/);
    await this.#assertKept();
    await this.#assertProfiles(true);
    await assertNothingLeft(this.#home.directory);
    return "done";
  }

  /** Asserts that the profile file has its old text and zero, one or two new profiles after it. */
  async #assertProfiles(isDone: boolean): Promise<void> {
    const text = await textOf(this.#home.configFile) ?? "";
    const [first = "", second = ""] = Object.keys(logins).map((name) =>
      `\n[${name}]\nprovider = token\nhost = https://github.com\n`
    );
    const all = this.#profiles + first + second;
    const parts = isDone ? [all] : [this.#profiles, this.#profiles + first, all];
    assert.ok(parts.includes(text), `the profile file is torn: ${text}`);
  }

  async #assertKept(): Promise<void> {
    for (const [name, token] of Object.entries(logins)) {
      const kept = await readCredential(`token:${name}`, this.#home.store);
      if (kept?.kind === "pat" && kept.token.reveal() === token) continue;
      throw new LostLogin(`the token of "${name}" is removed but not stored`);
    }
  }

  async #assertSecretsWhereTheyMayBe(places: RegExp): Promise<void> {
    const may = this.#storeName === "plaintext file"
      ? new RegExp(`${places.source}|${plaintextFile.source}`)
      : places;
    await assertSecretsOnlyIn(may, this.#home.directory, Object.values(logins));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#home[Symbol.asyncDispose]();
  }
}
