/**
 * The target names of credentials. The Credential Manager ignores the case of a target, and a filter ends in
 * `*`. So every character of an account is percent-encoded in UTF-8 (RFC 3986, lower-case digits), except
 * letters that are not upper-case, digits and `._@+-:`. `oidc:work` is unchanged.
 *
 * - `fob:<account>` the account's entry: the secret, or a manifest of its parts
 * - `fob-part:<account>/<generation>.<index>` a part of a secret that is too large for one credential
 */
export class CredentialTargets {
  readonly entries: string;
  readonly #parts: string;

  constructor(service: string) {
    this.entries = `${service}:`;
    this.#parts = `${service}-part:`;
  }

  entry(account: string): string {
    return this.entries + encode(account);
  }

  /** The account of the entry `target`; `undefined` if fob does not make such a name. */
  accountOf(target: string): string | undefined {
    const account = decode(target.slice(this.entries.length));
    return account !== undefined && this.entry(account) === target ? account : undefined;
  }

  /** The prefix of the targets of all parts of `account`. */
  parts(account: string): string {
    return `${this.#parts}${encode(account)}/`;
  }

  part(account: string, generation: string, index: number): string {
    return `${this.parts(account)}${generation}.${index}`;
  }

  /** The generation that the part of `account` belongs to. */
  generationOf(account: string, target: string): string {
    return target.slice(this.parts(account).length).split(".", 1).join();
  }
}

function encode(account: string): string {
  return [...account].map((character) => isPlain(character) ? character : percent(character))
    .join("");
}

/** Windows compares in upper case. Characters that it considers equal also have the same upper case in JavaScript. */
function isPlain(character: string): boolean {
  return /^[\p{L}\p{N}._@+:-]$/u.test(character) &&
    character.toUpperCase().toLowerCase() === character;
}

function percent(character: string): string {
  const bytes = new TextEncoder().encode(character);
  return Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
