import assert from "node:assert/strict";
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
  textsBelow,
} from "./files.ts";
import { keptOrLost, secretsOf } from "./logins.ts";

/** A tool that is connected to fob, and the text of its file before and after. */
interface Pointed {
  readonly words: readonly string[];
  readonly file: string;
  /** The texts before, used in turn; `undefined` means no file. */
  readonly befores: readonly (string | undefined)[];
  /** The text after, for each text before; absent if another program writes the file. */
  readonly afters?: readonly string[];
}

const docker: Pointed = {
  words: ["docker", "--host", "registry.example.com"],
  file: ".docker/config.json",
  befores: [
    `{\n\t"auths" : {"old.example.com": {} },\n\n  "HttpHeaders": {"X":  "y"} }\n`,
    undefined,
  ],
  afters: [
    `{\n\t"auths" : {"old.example.com": {} },\n\n  "HttpHeaders": {"X":  "y"},\n` +
    `\t"credHelpers": {\n\t\t"registry.example.com": "fob"\n\t} }\n`,
    `{\n  "credHelpers": {\n    "registry.example.com": "fob"\n  }\n}\n`,
  ],
};

const git: Pointed = {
  words: ["git", "--host", "https://git.example.com"],
  file: ".gitconfig",
  befores: ["# mine\n[user]\n\tname = Ada   ; odd\n[credential]\n\thelper = store\n", undefined],
};

export const connectDocker = campaignFor("connect", docker);
export const connectGit = campaignFor("connect git", git);

function campaignFor(name: string, pointed: Pointed): Campaign {
  return {
    name,
    stores: bothStores,
    needs: pointed === git ? ["git"] : [],
    open: async (storeName: StoreName) =>
      new ConnectArena(pointed, storeName, await openLoginHome(storeName)),
  };
}

/** Connects a tool to fob, and undoes that. */
class ConnectArena implements Arena {
  readonly #pointed: Pointed;
  readonly #storeName: StoreName;
  readonly #home: LoginHome;
  readonly #path: string;
  #round = 0;
  #before: string | undefined;
  #after: string | undefined;
  #texts = new Map<string, string>();

  constructor(pointed: Pointed, storeName: StoreName, home: LoginHome) {
    this.#pointed = pointed;
    this.#storeName = storeName;
    this.#home = home;
    this.#path = `${home.directory}/${pointed.file}`;
  }

  get home(): LoginHome {
    return this.#home;
  }

  async setUp(): Promise<void> {
    const { befores, afters, file } = this.#pointed;
    const at = this.#round++ % befores.length;
    [this.#before, this.#after] = [befores[at], afters?.[at]];
    for (const left of [".docker", ".gitconfig", ".gitconfig.connect.fob-backup", "bin"]) {
      await Deno.remove(`${this.#home.directory}/${left}`, { recursive: true }).catch(() => {});
    }
    await Deno.remove(`${this.#home.state}/notes`, { recursive: true }).catch(() => {});
    await Deno.mkdir(`${this.#home.directory}/bin`);
    await Deno.writeTextFile(`${this.#home.directory}/bin/fob`, "#!/bin/sh\n", { mode: 0o755 });
    if (file.includes("/")) await Deno.mkdir(this.#path.replace(/\/[^/]*$/, ""));
    if (this.#before !== undefined) await Deno.writeTextFile(this.#path, this.#before);
    this.#texts = await this.#look();
  }

  start(tracer: readonly string[] = []): Attempt {
    const process = this.#home.start(this.#words(), [...this.#env(), ...tracer]);
    return { process, ending: ended(process) };
  }

  async check(): Promise<void> {
    await assertPrivate(this.home.directory);
    await this.#assertWhole();
    const may = this.#storeName === "plaintext file" ? plaintextFile : undefined;
    const secrets = secretsOf(await keptOrLost(this.#home));
    await assertSecretsOnlyIn(may, this.#home.directory, secrets);
  }

  /** Asserts that the file has the text before or after. git appends one value at a time. */
  async #assertWhole(isDone = false): Promise<void> {
    const text = await textOf(this.#path);
    if (this.#after !== undefined) {
      const wholes = isDone ? [this.#after] : [this.#before, this.#after];
      assert.ok(wholes.includes(text), `the file is torn: ${text}`);
      return;
    }
    assert.ok((text ?? "").startsWith(this.#before ?? ""), `the file is torn: ${text}`);
    const key = "credential.https://git.example.com.helper";
    const added = [`${key}=`, `${key}=!${this.#home.directory}/bin/fob helper git`];
    const before = this.#before === undefined ? [] : ["user.name=Ada", "credential.helper=store"];
    const wholes = [2, 1, 0].map((count) => [...before, ...added.slice(0, count)].join("\n"));
    const values = (await valuesIn(this.#path)).trim();
    assert.ok((isDone ? wholes.slice(0, 1) : wholes).includes(values), `the file is torn: ${text}`);
  }

  async finish(): Promise<Finish> {
    await letAnHourPass(this.#home.directory);
    const run = await this.#home.run(this.#words(), {}, this.#env());
    assert.equal(run.code, 0, run.stderr);
    await this.#assertWhole(true);
    const undo = await this.#home.run(
      ["connect", this.#pointed.words[0] ?? "", "--undo"],
      {},
      this.#env(),
    );
    assert.equal(undo.code, 0, undo.stderr);
    assert.deepEqual(await this.#look(), this.#texts);
    await assertNothingLeft(this.#home.directory);
    return "done";
  }

  #words(): string[] {
    return ["connect", ...this.#pointed.words];
  }

  #env(): string[] {
    return ["env", `PATH=${this.#home.directory}/bin:${this.#home.environment["PATH"]}`];
  }

  /** The files outside of fob's own folders. For a file that git writes, only the values are compared. */
  async #look(): Promise<Map<string, string>> {
    const texts = await textsBelow(this.#home.directory);
    if (this.#pointed === git) texts.set(this.#path, await valuesIn(this.#path));
    return new Map([...texts].filter(([path]) => !path.startsWith(this.#home.state)).sort());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#home[Symbol.asyncDispose]();
  }
}

/**
 * The values that git reads in a file; an empty text if the file does not exist. The git process that
 * fob started may outlive fob and write the file at the same time, so a failed read is repeated once.
 */
async function valuesIn(path: string, isFirst = true): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command("git", {
    args: ["config", "--file", path, "--list"],
  }).output();
  if (success) return new TextDecoder().decode(stdout);
  const text = await textOf(path);
  if (text !== undefined && isFirst) return await valuesIn(path, false);
  assert.equal(text, undefined, new TextDecoder().decode(stderr));
  return "";
}
