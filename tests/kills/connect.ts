import assert from "node:assert/strict";
import { ended, type Keeping, type LoginHome, openLoginHome } from "../interop/login_home.ts";
import type { Arena, Attempt, Campaign, Finish } from "./campaign.ts";
import { bothStores } from "./campaign.ts";
import { letAnHourPass, textOf, textsBelow } from "./files.ts";

/** A tool that is pointed at fob, and what its file says before and after. */
interface Pointed {
  readonly words: readonly string[];
  readonly file: string;
  /** In turn; `undefined` is no file. */
  readonly befores: readonly (string | undefined)[];
  readonly after: RegExp;
}

const docker: Pointed = {
  words: ["docker", "--host", "registry.example.com"],
  file: ".docker/config.json",
  befores: [
    `{\n\t"auths" : {"old.example.com": {} },\n\n  "HttpHeaders": {"X":  "y"} }\n`,
    undefined,
  ],
  after: /"registry\.example\.com": "fob"/,
};

const git: Pointed = {
  words: ["git", "--host", "https://git.example.com"],
  file: ".gitconfig",
  befores: ["# mine\n[user]\n\tname = Ada   ; odd\n[credential]\n\thelper = store\n", undefined],
  after: /^\thelper = \n\thelper = .*fob helper git/m,
};

export const connectDocker = campaignFor("connect", docker);
export const connectGit = campaignFor("connect git", git);

function campaignFor(name: string, pointed: Pointed): Campaign {
  return {
    name,
    stores: bothStores,
    needs: pointed === git ? ["git"] : [],
    open: async (keeping: Keeping) => new ConnectArena(pointed, await openLoginHome(keeping)),
  };
}

/** Points a tool at fob, and takes that back. */
class ConnectArena implements Arena {
  readonly #pointed: Pointed;
  readonly #home: LoginHome;
  readonly #path: string;
  #round = 0;
  #before: string | undefined;
  #texts = new Map<string, string>();

  constructor(pointed: Pointed, home: LoginHome) {
    this.#pointed = pointed;
    this.#home = home;
    this.#path = `${home.directory}/${pointed.file}`;
  }

  get home(): LoginHome {
    return this.#home;
  }

  async setUp(): Promise<void> {
    const { befores, file } = this.#pointed;
    this.#before = befores[this.#round++ % befores.length];
    for (const left of [".docker", ".gitconfig", ".gitconfig.fob-connect-backup", "bin"]) {
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
    const text = await textOf(this.#path);
    if (text === this.#before) return;
    if (this.#pointed === docker) assert.match(text ?? "", this.#pointed.after);
    // Git writes one value at a time, behind what is there.
    else assert.ok(text?.startsWith(this.#before ?? ""), `the file is torn: ${text}`);
  }

  async finish(): Promise<Finish> {
    await letAnHourPass(this.#home.directory);
    const run = await this.#home.run(this.#words(), {}, this.#env());
    assert.equal(run.code, 0, run.stderr);
    assert.match(await textOf(this.#path) ?? "", this.#pointed.after);
    const undo = await this.#home.run(
      ["connect", this.#pointed.words[0] ?? "", "--undo"],
      {},
      this.#env(),
    );
    assert.equal(undo.code, 0, undo.stderr);
    assert.deepEqual(await this.#look(), this.#texts);
    return "done";
  }

  #words(): string[] {
    return ["connect", ...this.#pointed.words];
  }

  #env(): string[] {
    return ["env", `PATH=${this.#home.directory}/bin:${this.#home.environment["PATH"]}`];
  }

  /** What there is beside fob's own. What git writes itself has to mean the same, and may look otherwise. */
  async #look(): Promise<Map<string, string>> {
    const texts = await textsBelow(this.#home.directory);
    if (this.#pointed === git) texts.set(this.#path, await valuesIn(this.#path));
    return new Map([...texts].filter(([path]) => !path.startsWith(this.#home.state)).sort());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#home[Symbol.asyncDispose]();
  }
}

/** What git reads in a file; nothing in one that is not there. */
async function valuesIn(path: string): Promise<string> {
  const { stdout } = await new Deno.Command("git", {
    args: ["config", "--file", path, "--list"],
    stderr: "null",
  }).output();
  return new TextDecoder().decode(stdout);
}
