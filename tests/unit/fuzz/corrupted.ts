import fc from "fast-check";

/** A corruption: bytes are cut out at a position, and others are inserted. */
interface Damage {
  /** The position, as a fraction of the length. */
  readonly at: number;
  readonly removed: number;
  readonly added: Uint8Array;
}

const encoder = new TextEncoder();

/** Bytes that are difficult for parsers. */
const nasty = [
  ...["\n", "\r\n", "\0", "\x1b[2K", "\x1b]8;;http://x\x07", "\x7f", "\u202e", "\u2028", "\ufeff"],
  ...[
    '"',
    "'",
    "\\",
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "=",
    ";",
    "#",
    "%",
    "&",
    "?",
    "/",
    "$",
    "-",
    ".",
  ],
  ...["null", "true", "-1", "1e999", "9007199254740993", "0", "NaN", '""', "{}", "[]", '"\\ud800"'],
  ...["__proto__", "constructor", "toString", "../", "%0a", "\\u0000", "é", "\t", " "],
].map((text) => encoder.encode(text));

const added = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...nasty, encoder.encode("[".repeat(5_000))) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 8 }) },
  { weight: 1, arbitrary: fc.constant(new Uint8Array()) },
);

const damage: fc.Arbitrary<Damage> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  removed: fc.oneof(fc.nat(4), fc.nat(200)),
  added,
});

function inflict(bytes: Uint8Array, { at, removed, added }: Damage): Uint8Array {
  const start = Math.floor(at * bytes.length);
  return new Uint8Array([...bytes.slice(0, start), ...added, ...bytes.slice(start + removed)]);
}

/** One of `examples` with corruptions, which shrink towards none, or sometimes arbitrary bytes. */
export function corrupted(
  examples: readonly Uint8Array[],
): fc.Arbitrary<Uint8Array<ArrayBuffer>> {
  const damaged = fc.tuple(fc.constantFrom(...examples), fc.array(damage, { maxLength: 6 }))
    .map(([bytes, all]) => new Uint8Array(all.reduce(inflict, bytes)));
  return fc.oneof(
    { weight: 9, arbitrary: damaged },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 64 }) },
  ).map((bytes) => new Uint8Array(bytes));
}
