/**
 * A string that never prints itself: not in a template, in JSON, in `Deno.inspect`, nor as the cause
 * of an error. `reveal` is the one way out, so that a search for it finds every place where a secret
 * leaves the program.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The secret itself. */
  reveal(): string {
    return this.#value;
  }

  /** Whether both hold the same string. Both are in this process already, so time tells nobody anything. */
  equals(other: Secret): boolean {
    return this.#value === other.#value;
  }

  toString(): string {
    return "[secret]";
  }

  toJSON(): string {
    return "[secret]";
  }

  [Symbol.for("Deno.customInspect")](): string {
    return "[secret]";
  }
}
