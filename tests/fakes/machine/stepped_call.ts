import type { CredentialSet } from "../../../ffi/advapi32.ts";
import { intercept } from "../stores/intercepted_credentials.ts";

type Outcome<T> = { readonly value: T } | { readonly error: unknown };

/**
 * A call that makes one native call each time it is told to, so that a test can order the native calls of
 * several as it likes, or leave one off in the middle, as a process that is killed does. Each step runs
 * `call` from its start: what its native calls answered is answered again, up to one new one. So `call`
 * has to do the same each time.
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

  /** What it came to. Throws what `call` threw. */
  get value(): T {
    if (this.#outcome === undefined) throw new Error("The call is not done");
    if ("error" in this.#outcome) throw this.#outcome.error;
    return this.#outcome.value;
  }

  /** Makes the next native call, if there is one. */
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

  /** Makes the native calls that are left, or at most `limit` of them. */
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
