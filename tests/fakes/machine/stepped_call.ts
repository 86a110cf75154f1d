import type { CredentialSet } from "../../../ffi/advapi32.ts";
import { intercept } from "../stores/intercepted_credentials.ts";

type Outcome<T> = { readonly value: T } | { readonly error: unknown };

/**
 * A call that makes one native call per step, so that a test can interleave the native calls of
 * several, or stop one in the middle, like a killed process. Each step runs `call` from its start and
 * replays the results of earlier native calls, so `call` must be deterministic.
 */
export class SteppedCall<T> {
  readonly #set: CredentialSet;
  readonly #call: (set: CredentialSet) => T;
  readonly #answers: Outcome<unknown>[] = [];
  #outcome: Outcome<T> | undefined;

  constructor(set: CredentialSet, call: (set: CredentialSet) => T) {
    this.#set = set;
    this.#call = call;
  }

  get isDone(): boolean {
    return this.#outcome !== undefined;
  }

  /** The result of `call`. Throws the error that `call` threw. */
  get value(): T {
    if (this.#outcome === undefined) throw new Error("The call is not done");
    if ("error" in this.#outcome) throw this.#outcome.error;
    return this.#outcome.value;
  }

  /** Makes the next native call, if any. */
  step(): void {
    if (this.isDone) return;
    const pause = new Error("The next step");
    let at = 0;
    let isNew = true;
    const answer = <R>(act: () => R): R => {
      if (at === this.#answers.length) {
        if (!isNew) throw pause;
        isNew = false;
        this.#answers.push(outcomeOf(act));
      }
      const outcome = this.#answers[at++] as Outcome<R>;
      if ("error" in outcome) throw outcome.error;
      return outcome.value;
    };
    const outcome = outcomeOf(() => this.#call(intercept(this.#set, answer)));
    if (!("error" in outcome && outcome.error === pause)) this.#outcome = outcome;
  }

  /** Makes the remaining native calls, at most `limit`. */
  finish(limit = Infinity): void {
    for (let count = 0; count < limit && !this.isDone; count++) this.step();
  }
}

function outcomeOf<T>(act: () => T): Outcome<T> {
  try {
    return { value: act() };
  } catch (error) {
    return { error };
  }
}
