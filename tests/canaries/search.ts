/** A secret that was found, and its encoding. */
export interface Sighting {
  readonly secret: string;
  readonly encoding: string;
}

interface Needle extends Sighting {
  readonly text: string;
  /** Whether the search is case-sensitive. */
  readonly isExact: boolean;
}

/**
 * Finds secrets in bytes: plain, in base64 or base64url from any byte, in hexadecimal, escaped as in
 * URLs or JSON, in UTF-16, and all of these with line breaks. Case is ignored where the encoding allows
 * it. Compressed or encrypted secrets are not found.
 */
export class Search {
  readonly #needles: readonly Needle[];

  /** `secrets`: ASCII, at least eight bytes each. */
  constructor(secrets: readonly string[]) {
    const short = secrets.filter((secret) => flatten(secret).length < 8);
    if (short.length > 0) throw new Error(`Too short to be searched for: ${short.join(", ")}`);
    this.#needles = secrets.flatMap(needlesOf);
  }

  /** The first secret in `bytes`. */
  find(bytes: Uint8Array): Sighting | undefined {
    const [first] = this.findAll(bytes);
    return first;
  }

  /** All secrets in `bytes`, once for each encoding. */
  findAll(bytes: Uint8Array): Sighting[] {
    const text = flatten(latin.decode(bytes));
    const folded = text.toLowerCase();
    return this.#needles.filter((it) => (it.isExact ? text : folded).includes(it.text));
  }

  /** The first secret in `text`. */
  findIn(text: string): Sighting | undefined {
    return this.find(new TextEncoder().encode(text));
  }
}

/** Decodes every byte to one character. */
const latin = new TextDecoder("latin1");

/** `text` with escapes decoded, and without line breaks, spaces and NUL bytes. */
function flatten(text: string): string {
  return text
    .replaceAll(/%([0-9a-f]{2})/gi, (_, code: string) => fromCode(code))
    .replaceAll(/\\u([0-9a-f]{4})/gi, (_, code: string) => fromCode(code))
    .replaceAll(/\\x([0-9a-f]{2})/gi, (_, code: string) => fromCode(code))
    .replaceAll(/\\[nrt]|[\\\s\0]/g, "");
}

function fromCode(hex: string): string {
  return String.fromCharCode(parseInt(hex, 16));
}

function needlesOf(secret: string): Needle[] {
  const bytes = new TextEncoder().encode(secret);
  const hex = bytes.toHex();
  const coded = (["base64", "base64url"] as const).flatMap((alphabet) =>
    [0, 1, 2].map((offset) => ({
      secret,
      encoding: `${alphabet} from byte ${offset}`,
      text: base64Core(bytes, offset, alphabet),
      isExact: true,
    }))
  );
  return [
    { secret, encoding: "plain", text: flatten(secret).toLowerCase(), isExact: false },
    { secret, encoding: "hexadecimal", text: hex, isExact: false },
    {
      secret,
      encoding: "spaced hexadecimal",
      text: hex.replaceAll(/..(?!$)/g, "$&:"),
      isExact: false,
    },
    ...coded,
  ];
}

/**
 * The base64 of `bytes` after `offset` other bytes, without the characters that also encode neighboring
 * bytes.
 */
function base64Core(bytes: Uint8Array, offset: number, alphabet: "base64" | "base64url"): string {
  const text = new Uint8Array([...new Uint8Array(offset), ...bytes])
    .toBase64({ alphabet, omitPadding: true });
  const start = Math.ceil(offset * 8 / 6);
  const end = Math.floor((offset + bytes.length) * 8 / 6);
  return text.slice(start, end);
}
