/** Keychains of the macOS double, each in a temporary directory, with faults. */
import assert from "node:assert/strict";
import { buildKeychainDouble } from "./keychain_double.ts";
import { RemoteStore } from "./remote_store.ts";

/** The state of a keychain. */
export type KeychainState = "unlocked" | "locked" | "none" | "read-only";

/** Settings and faults of the keychain for a process. */
export interface Circumstances {
  /**
   * Forced statuses of calls: `SecItemAdd=-25308`, `SecItem*=-128`, `SecItemAdd@2=-25308`, separated by
   * commas.
   */
  readonly status?: string;
  /** Delays of calls in milliseconds, in the same form. */
  readonly delay?: string;
  /** The number of the SecItem… call, from 1, after which the process is killed. */
  readonly kill?: number;
  /** Whether a dialog is allowed, and how the user responds. */
  readonly person?: "allows" | "denies" | "dismisses" | "is away";
  /** The build of fob. An item trusts the build that created it. */
  readonly build?: string;
  readonly session?: "remote";
}

/** An item of the keychain. */
export interface Item {
  readonly service: string;
  readonly account: string;
  readonly label: string;
  readonly comment: string;
  readonly build: string;
  readonly data: string;
}

/** A keychain that processes share. Disposing it fails if a process made an invalid call. */
export class Keychain implements AsyncDisposable {
  readonly #root: string;
  readonly #directory: string;
  /**
   * Processes that must have reported their references at exit, and processes that may have been killed
   * before.
   */
  #ends = { certain: 0, possible: 0 };

  constructor(root: string, directory: string) {
    this.#root = root;
    this.#directory = directory;
  }

  /** The environment of a process that uses this keychain. */
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

  /** Opens the store in a separate process. */
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

  /** Adds an item of another program. */
  async putForeign({ service, account }: Pick<Item, "service" | "account">): Promise<void> {
    const fields = [service, account, service, "", "another program", "not fob's"];
    const line = fields.map((text) => `x${new TextEncoder().encode(text).toHex()}`).join(" ");
    await Deno.writeTextFile(`${this.#directory}/items`, `${line}\n`, { append: true });
  }

  /** The report of the double about the processes that have ended. */
  async report(): Promise<string[]> {
    const text = await Deno.readTextFile(this.#report).catch(() => "");
    return text.split("\n").filter((line) => line !== "");
  }

  /** All processes must be disposed before. */
  async [Symbol.asyncDispose](): Promise<void> {
    const lines = await this.report();
    await Deno.remove(this.#directory, { recursive: true });
    const ends = lines.filter((line) => line.startsWith("end: "));
    assert.deepEqual(lines.filter((line) => !ends.includes(line)), [], "the double's report");
    const { certain, possible } = this.#ends;
    assert.ok(
      ends.length >= certain && ends.length <= certain + possible,
      `${ends.length} processes reported their end instead of ${certain}`,
    );
  }

  get #report(): string {
    return `${this.#directory}/report`;
  }
}

/** Makes an unlocked, empty keychain, with a double built with the macros `defined`. */
export async function makeKeychain(...defined: string[]): Promise<Keychain> {
  const root = await buildKeychainDouble(...defined);
  return new Keychain(root, await Deno.makeTempDir({ prefix: "fob-keychain-" }));
}
