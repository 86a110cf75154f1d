/** A secret that was found, and how it was written. */
export interface Sighting {
  readonly secret: string;
  readonly encoding: string;
}

interface Needle extends Sighting {
  readonly text: string;
  /** Whether capital letters are another text. */
  readonly isExact: boolean;
}

/**
 * Finds secrets in bytes however they are written there: plainly, in base64 or base64url beginning at any
 * byte, in hexadecimal, escaped as in URLs or in JSON, in UTF-16, and all of these broken over lines.
 * The letters of a secret may be small or capital; what is compressed or encrypted is not found.
 */
export class Search {
  readonly #needles: readonly Needle[];

  /** `secrets`: each of eight bytes or more, in ASCII. */
  constructor(secrets: readonly string[]) {
    const short = secrets.filter((secret) => flatten(secret).length < 8);
    if (short.length > 0) throw new Error(`Too short to be searched for: ${short.join(", ")}`);
    this.#needles = secrets.flatMap(needlesOf);
  }

  /** The first secret that is in `bytes`. */
  find(bytes: Uint8Array): Sighting | undefined {
    const [first] = this.findAll(bytes);
    return first;
  }

  /** Every secret that is in `bytes`, once for each way it is written. */
  findAll(bytes: Uint8Array): Sighting[] {
    const text = flatten(latin.decode(bytes));
    const folded = text.toLowerCase();
    return this.#needles.filter((it) => (it.isExact ? text : folded).includes(it.text));
  }

  /** The first secret that is in `text`. */
  findIn(text: string): Sighting | undefined {
    return this.find(new TextEncoder().encode(text));
  }
}

/** Every byte is a character. */
const latin = new TextDecoder("latin1");

/** `text` without what escapes, line breaks and wide characters put between the characters of a secret. */
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

/** What `bytes` are in base64 behind `offset` other bytes, without the characters that their neighbours have a part in. */
function base64Core(bytes: Uint8Array, offset: number, alphabet: "base64" | "base64url"): string {
  const text = new Uint8Array([...new Uint8Array(offset), ...bytes])
    .toBase64({ alphabet, omitPadding: true });
  const start = Math.ceil(offset * 8 / 6);
  const end = Math.floor((offset + bytes.length) * 8 / 6);
  return text.slice(start, end);
}
