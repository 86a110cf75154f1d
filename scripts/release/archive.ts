import { crc32, deflateRawSync, gzipSync } from "node:zlib";

/** A file of an archive. */
export interface Entry {
  /** Relative, with `/`. */
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly isProgram?: boolean;
}

/**
 * Packs the entries as a gzipped tar, sorted by path and owned by root. `time`, in seconds since the
 * epoch, is the time of every entry. The same entries give the same bytes.
 */
export function tarGzip(entries: readonly Entry[], time: number): Uint8Array {
  const blocks = sorted(entries).flatMap(({ path, bytes, isProgram }) => [
    tarHeader(path, bytes.length, isProgram ? 0o755 : 0o644, time),
    bytes,
    new Uint8Array(-bytes.length & 511),
  ]);
  const archive = new Uint8Array(gzipSync(concat([...blocks, new Uint8Array(1024)]), { level: 9 }));
  // RFC 1952, 2.3: operating system "unknown". zlib writes no time.
  archive[9] = 255;
  return archive;
}

/** A header of POSIX.1-1988 ustar. Numbers are octal text; the checksum counts its own field as spaces. */
function tarHeader(path: string, size: number, mode: number, time: number): Uint8Array {
  const header = new Uint8Array(512);
  const write = (offset: number, text: string): void => {
    header.set(new TextEncoder().encode(text), offset);
  };
  const octal = (value: number, width: number): string =>
    `${value.toString(8).padStart(width, "0")}\0`;
  if (path.length > 100) throw new Error(`"${path}" is too long for tar`);
  write(0, path);
  write(100, octal(mode, 7) + octal(0, 7) + octal(0, 7) + octal(size, 11) + octal(time, 11));
  write(148, " ".repeat(8) + "0");
  write(257, "ustar\0" + "00");
  write(265, "root");
  write(297, "root");
  write(148, `${octal(header.reduce((sum, byte) => sum + byte, 0), 6)} `);
  return header;
}

/** Packs the entries as a ZIP, with the same guarantees (PKWARE APPNOTE 6.3: 4.3.7, 4.3.12, 4.3.16). */
export function zip(entries: readonly Entry[], time: number): Uint8Array {
  const files: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const entry of sorted(entries)) {
    const path = new TextEncoder().encode(entry.path);
    const packed = new Uint8Array(deflateRawSync(entry.bytes, { level: 9 }));
    const common = describe(entry, packed.length, path.length, time);
    const file = concat([numbers([0x04034b50, 4], [20, 2], ...common), path, packed]);
    files.push(file);
    // Made on Unix: the upper half is the file mode.
    const mode = (entry.isProgram ? 0o100755 : 0o100644) * 0x10000;
    directory.push(
      numbers([0x02014b50, 4], [0x0314, 2], [20, 2], ...common),
      numbers([0, 2], [0, 2], [0, 2], [mode, 4], [offset, 4]),
      path,
    );
    offset += file.length;
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  const count = entries.length;
  const end = numbers([0x06054b50, 4], [0, 4], [count, 2], [count, 2], [size, 4], [offset, 4], [
    0,
    2,
  ]);
  return concat([...files, ...directory, end]);
}

/** The fields that both headers of an entry share: UTF-8, deflated. */
function describe(
  { bytes }: Entry,
  packed: number,
  path: number,
  time: number,
): [number, number][] {
  const at = new Date(time * 1000);
  const clock = at.getUTCHours() << 11 | at.getUTCMinutes() << 5 | at.getUTCSeconds() >> 1;
  const day = at.getUTCFullYear() - 1980 << 9 | at.getUTCMonth() + 1 << 5 | at.getUTCDate();
  return [
    [0x0800, 2],
    [8, 2],
    [clock, 2],
    [day, 2],
    [crc32(bytes), 4],
    [packed, 4],
    [bytes.length, 4],
    [path, 2],
    [0, 2],
  ];
}

function sorted(entries: readonly Entry[]): Entry[] {
  return entries.toSorted((a, b) => a.path < b.path ? -1 : 1);
}

/** Encodes numbers little-endian, each with its width in bytes. */
function numbers(...parts: readonly (readonly [number, number])[]): Uint8Array {
  return new Uint8Array(
    parts.flatMap(([value, width]) =>
      Array.from({ length: width }, (_, index) => Math.floor(value / 2 ** (8 * index)) & 0xff)
    ),
  );
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
