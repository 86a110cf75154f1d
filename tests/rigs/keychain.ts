/** Keychains of the double, each in a temporary directory of its own, and the faults that it can have. */
import assert from "node:assert/strict";
import { buildKeychainDouble } from "./keychain_double.ts";
import { RemoteStore } from "./remote_store.ts";

/** How a keychain is. */
export type KeychainState = "unlocked" | "locked" | "none" | "read-only";

/** How a process finds the keychain, and what goes wrong in it. */
export interface Circumstances {
  /** Statuses that calls return: `SecItemAdd=-25308`, `SecItem*=-128`, `SecItemAdd@2=-25308`, commas between. */
  readonly status?: string;
  /** Milliseconds that calls take, likewise. */
  readonly delay?: string;
  /** The call of SecItem…, counted from 1, after whose effect the process is killed. */
  readonly kill?: number;
  /** Whether fob may ask a person, and what that one does. */
  readonly person?: "allows" | "denies" | "dismisses" | "is away";
  /** Which build of fob it is: an item trusts the one that made it. */
  readonly build?: string;
  readonly session?: "remote";
}

/** One item as the keychain holds it. */
export interface Item {
  readonly service: string;
  readonly account: string;
  readonly label: string;
  readonly comment: string;
  readonly build: string;
  readonly data: string;
}

/** A keychain that processes share. When it ends, every wrong call of them is an error. */
export class Keychain implements AsyncDisposable {
  readonly #root: string;
  readonly #directory: string;
  /** Processes that must have closed their account of references, and those that may have been killed before. */
  #ends = { certain: 0, possible: 0 };

  constructor(root: string, directory: string) {
    this.#root = root;
    this.#directory = directory;
  }

  /** What a process needs in its environment to use this keychain. */
  environmentFor(circumstances: Circumstances): Record<string, string> {
    const { status, delay, kill, person, build, session } = circumstances;
    const values: Record<string, string | number | undefined> = {
      FOB_DOUBLE_KEYCHAIN: this.#directory,
      FOB_DOUBLE_REPORT: this.#report,
      FOB_DOUBLE_STATUS: status,
      FOB_DOUBLE_DELAY: delay,
      FOB_DOUBLE_KILL: kill,
      FOB_DOUBLE_PERSON: person,
      FOB_DOUBLE_BUILD: build,
      FOB_DOUBLE_SESSION: session,
    };
    const set = Object.entries(values).filter(([, value]) => value !== undefined);
    return Object.fromEntries([["HOME", this.#directory], ...set.map(([k, v]) => [k, String(v)])]);
  }

  /** The store, in a process of its own. */
  open(circumstances: Circumstances = {}): RemoteStore {
    this.#ends[circumstances.kill === undefined ? "certain" : "possible"]++;
    return new RemoteStore(
      this.environmentFor(circumstances),
      "--keychain",
      `--frameworks=${this.#root}`,
      ...(circumstances.person === undefined ? [] : ["--interactive"]),
    );
  }

  async become(state: KeychainState): Promise<void> {
    await Deno.writeTextFile(`${this.#directory}/state`, state);
  }

  async items(): Promise<Item[]> {
    const text = await Deno.readTextFile(`${this.#directory}/items`).catch(() => "");
    const names = ["service", "account", "label", "comment", "build", "data"];
    return text.split("\n").filter((line) => line !== "").map((line) => {
      const fields = line.split(" ").map((hex) => Uint8Array.fromHex(hex.slice(1)));
      const texts = fields.map((bytes) => new TextDecoder().decode(bytes));
      return Object.fromEntries(names.map((name, i) => [name, texts[i]])) as unknown as Item;
    });
  }

  /** Adds an item as another program would, whose secret it is. */
  async putForeign({ service, account }: Pick<Item, "service" | "account">): Promise<void> {
    const fields = [service, account, service, "", "another program", "not fob's"];
    const line = fields.map((text) => `x${new TextEncoder().encode(text).toHex()}`).join(" ");
    await Deno.writeTextFile(`${this.#directory}/items`, `${line}\n`, { append: true });
  }

  /** What the double has to say of the processes that have ended. */
  async report(): Promise<string[]> {
    const text = await Deno.readTextFile(this.#report).catch(() => "");
    return text.split("\n").filter((line) => line !== "");
  }

  /** Every process must be disposed of before. */
  async [Symbol.asyncDispose](): Promise<void> {
    const lines = await this.report();
    await Deno.remove(this.#directory, { recursive: true });
    const ends = lines.filter((line) => line.startsWith("end: "));
    assert.deepEqual(lines.filter((line) => !ends.includes(line)), [], "the double's report");
    const { certain, possible } = this.#ends;
    assert.ok(
      ends.length >= certain && ends.length <= certain + possible,
      `${ends.length} processes have used the double and ended in order, not ${certain}`,
    );
  }

  get #report(): string {
    return `${this.#directory}/report`;
  }
}

/** A new keychain, unlocked and empty, of a double that is built with the macros `defined`. */
export async function makeKeychain(...defined: string[]): Promise<Keychain> {
  const root = await buildKeychainDouble(...defined);
  return new Keychain(root, await Deno.makeTempDir({ prefix: "fob-keychain-" }));
}
