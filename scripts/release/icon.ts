/** Width and height in pixels: the largest size that Windows shows. `deno compile` makes the smaller ones. */
const side = 256;

/** Blue, green, red, opacity. */
type Pixel = readonly [number, number, number, number];

const nothing: Pixel = [0, 0, 0, 0];
const ground: Pixel = [0x4a, 0x2f, 0x1e, 255];
const metal: Pixel = [0x5c, 0xc8, 0xf4, 255];

/**
 * Draws the icon of fob for Windows: a key on a dark tile. The format is ICO with one bitmap
 * (Microsoft, "Icons" in the Win32 reference: ICONDIR, ICONDIRENTRY, BITMAPINFOHEADER).
 */
export function makeIcon(): Uint8Array {
  const image = drawImage();
  // A side of 256 is written as 0.
  const entry = [0, 0, 0, 0, ...words([1, 32], 2), ...words([image.length, 22], 4)];
  return new Uint8Array([...words([0, 1, 1], 2), ...entry, ...image]);
}

/** A bitmap with 32 bits per pixel, bottom row first, and an empty mask: the opacity replaces it. */
function drawImage(): Uint8Array {
  const rows = Array.from({ length: side }, (_, index) => side - 1 - index);
  const pixels = rows.flatMap((y) =>
    Array.from({ length: side }, (_, x) => pixelAt((x + 0.5) / side, (y + 0.5) / side)).flat()
  );
  const mask = new Uint8Array(side * side / 8);
  const header = [
    // The height includes the mask.
    ...words([40, side, side * 2], 4),
    ...words([1, 32], 2),
    ...words([0, pixels.length + mask.length, 0, 0, 0, 0], 4),
  ];
  return new Uint8Array([...header, ...pixels, ...mask]);
}

/** The color at a point between (0, 0), top left, and (1, 1). */
function pixelAt(x: number, y: number): Pixel {
  if (!isInTile(x, y)) return nothing;
  const fromBow = Math.hypot(x - 0.34, y - 0.5);
  const isBow = fromBow < 0.2 && fromBow > 0.09;
  const isShaft = x > 0.5 && x < 0.86 && Math.abs(y - 0.5) < 0.055;
  const isTooth = y > 0.5 && y < 0.68 && (Math.abs(x - 0.81) < 0.05 || Math.abs(x - 0.67) < 0.05);
  return isBow || isShaft || isTooth ? metal : ground;
}

/** Whether the point is in a square with round corners. */
function isInTile(x: number, y: number): boolean {
  const corner = 0.2;
  const beyond = (at: number): number => Math.max(0, Math.abs(at - 0.5) - (0.5 - corner));
  return Math.hypot(beyond(x), beyond(y)) <= corner;
}

/** Encodes numbers little-endian with `width` bytes each. */
function words(numbers: readonly number[], width: number): number[] {
  return numbers.flatMap((number) =>
    Array.from({ length: width }, (_, index) => (number >>> (8 * index)) & 0xff)
  );
}
