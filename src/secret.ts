/**
 * A string that prints as `[secret]` in a template, in JSON, in `Deno.inspect` and as the cause of an
 * error. Only `reveal` returns the value, so a search for `reveal` finds every place that uses a secret.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value of the secret. */
  reveal(): string {
    return this.#value;
  }

  /** Whether both hold the same string. The comparison is not constant-time: both values are in this process. */
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
