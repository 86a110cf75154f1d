import { type ErrorCode, FobError } from "../../src/errors.ts";
import { present } from "../../src/present.ts";
import { Secret } from "../../src/secret.ts";
import type { Availability, SecretStore, StoreKind } from "../../src/stores/secret_store.ts";
import { lines } from "./lines.ts";

/** A request to `store_process.ts`. */
export interface Question {
  readonly method: "probe" | "get" | "set" | "delete" | "list" | "assertWritable";
  readonly account: string;
  readonly secret?: string;
}

/** Its response. */
export interface Answer {
  readonly value?: unknown;
  readonly error?: { code: ErrorCode; message: string; facts: Record<string, string> };
}

/** A real store in a separate process, which runs `store_process.ts`. */
export class StoreProcess implements SecretStore, AsyncDisposable {
  readonly kind: StoreKind;
  readonly location = "another process";
  readonly #start: () => Deno.ChildProcess;
  #process: Deno.ChildProcess;
  #writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  #answers: AsyncGenerator<string>;
  #last: Promise<unknown> = Promise.resolve();

  constructor(kind: StoreKind, start: () => Deno.ChildProcess) {
    this.kind = kind;
    this.#start = start;
    this.#process = start();
    this.#writer = this.#process.stdin.getWriter();
    this.#answers = lines(this.#process.stdout);
  }

  /** Starts a new process, because a process never changes its session bus. */
  async renew(): Promise<void> {
    await this[Symbol.asyncDispose]();
    this.#process = this.#start();
    this.#writer = this.#process.stdin.getWriter();
    this.#answers = lines(this.#process.stdout);
  }

  probe(): Promise<Availability> {
    return this.#ask("probe", "");
  }
  async get(account: string): Promise<Secret | undefined> {
    const value = await this.#ask<string | undefined>("get", account);
    return value === undefined ? undefined : new Secret(value);
  }
  set(account: string, secret: Secret): Promise<void> {
    return this.#ask("set", account, secret.reveal());
  }
  delete(account: string): Promise<boolean> {
    return this.#ask("delete", account);
  }
  list(): Promise<string[]> {
    return this.#ask("list", "");
  }
  assertWritable(account: string): Promise<void> {
    return this.#ask("assertWritable", account);
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writer.close();
    await this.#answers.return(undefined);
    await this.#process.status;
  }

  #ask<T>(method: Question["method"], account: string, secret?: string): Promise<T> {
    const question: Question = { method, account, ...present({ secret }) };
    const turn = this.#last.then(async () => {
      await this.#writer.write(new TextEncoder().encode(JSON.stringify(question) + "\n"));
      const { value: line, done } = await this.#answers.next();
      if (done) throw new Error("The store process has exited");
      const { value, error }: Answer = JSON.parse(line);
      if (error !== undefined) {
        throw new FobError(error.code, error.message, { facts: error.facts });
      }
      return value as T;
    });
    this.#last = turn.catch(() => {});
    return turn;
  }
}

/** The program that serves a {@link StoreProcess}. */
export const storeProgram = `${import.meta.dirname}/store_process.ts`;

/** The Secret Service store, or the macOS store with `--keychain`, in a separate process with `environment`. */
export class RemoteStore extends StoreProcess {
  constructor(environment: Readonly<Record<string, string>>, ...args: string[]) {
    const command = new Deno.Command(Deno.execPath(), {
      args: ["run", "-q", "--no-check", "-A", storeProgram, ...args],
      clearEnv: true,
      env: {
        ...environment,
        DENO_DIR: denoDirectory(),
      },
      stdin: "piped",
      stdout: "piped",
    });
    super(args.includes("--keychain") ? "keychain" : "secret-service", () => command.spawn());
  }
}

/** Deno's cache folder, for a Deno with another home. */
export function denoDirectory(): string {
  return Deno.env.get("DENO_DIR") ?? `${Deno.env.get("HOME")}/.cache/deno`;
}
