import assert from "node:assert/strict";
import { type ErrorCode, FobError } from "../../../src/errors.ts";
import type { Secret } from "../../../src/secret.ts";
import { MemoryStore } from "./memory_store.ts";

/** Where a step fails: before it has an effect, or after the effect, with an unknown result. */
export type CutOff = "before" | "after";

/** Counts the steps of several stores, and makes one of them fail. */
export class Steps {
  /** The number of steps before the failing step. */
  left: number;
  readonly cutOff: CutOff;
  readonly code: ErrorCode;
  /** Called after each step, the failed one included. */
  readonly watch: () => void;

  constructor(left = Infinity, cutOff: CutOff = "before", watch = (): void => {}) {
    this.left = left;
    this.cutOff = cutOff;
    this.code = cutOff === "after" ? "store_timeout" : "store_failed";
    this.watch = watch;
  }

  async take<T>(act: () => Promise<T>): Promise<T> {
    const isCut = this.left-- === 0;
    try {
      const result = isCut && this.cutOff === "before" ? undefined : await act();
      if (!isCut) return result as T;
    } finally {
      this.watch();
    }
    throw new FobError(this.code, "Cut off");
  }
}

/** A store in memory with steps that can fail. */
export class CutOffStore extends MemoryStore {
  steps = new Steps();

  override get(account: string): Promise<Secret | undefined> {
    return this.steps.take(() => super.get(account));
  }

  override set(account: string, secret: Secret): Promise<void> {
    return this.steps.take(() => super.set(account, secret));
  }

  override delete(account: string): Promise<boolean> {
    return this.steps.take(() => super.delete(account));
  }

  override list(): Promise<string[]> {
    return this.steps.take(() => super.list());
  }

  override assertWritable(): Promise<void> {
    return this.steps.take(() => super.assertWritable());
  }
}

/** Asserts that an error is a FobError. */
export function assertForeseen(error: unknown): void {
  assert.ok(error instanceof FobError, String(error));
}
