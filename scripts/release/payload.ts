/** What `deno compile` has embedded in a binary. */
export interface Payload {
  /** Paths of the embedded files, sorted. */
  readonly files: readonly string[];
  readonly permissions: Readonly<Record<string, unknown>>;
  readonly entrypoint: string;
  /** Whether the binary caches V8's compiled code in the temporary folder. */
  readonly hasCodeCache: boolean;
  /** Total size in bytes. */
  readonly size: number;
}

/** An embedded file or folder, in the form of Deno's metadata. */
interface Embedded {
  readonly File?: { readonly n: string };
  readonly Dir?: { readonly n: string; readonly e?: readonly Embedded[] };
}

const magic = new TextEncoder().encode("d3n0l4nd");

/**
 * Reads the data that `deno compile` has embedded in `binary` (deno, cli/rt/binary.rs). The parts are
 * the magic word, the metadata, npm's resolution, two lists of remote modules, the file tree, the
 * files, and the magic word again. Before each part, except the words, is its length in 64 bits,
 * little-endian.
 *
 * @throws {Error} if nothing is embedded.
 */
export function readPayload(binary: Uint8Array): Payload {
  for (let at = find(binary, 0); at >= 0; at = find(binary, at + 1)) {
    const metadata = readJson(binary, at + magic.length);
    if (!isRecord(metadata) || !isRecord(metadata.permissions)) continue;
    const end = find(binary, at + magic.length);
    return {
      files: listFiles(readTree(binary.subarray(at, end))).sort(),
      permissions: metadata.permissions,
      entrypoint: String(metadata.entrypoint_key),
      hasCodeCache: metadata.code_cache_key !== null,
      size: end + magic.length - at,
    };
  }
  throw new Error("Nothing is embedded in the binary");
}

function find(binary: Uint8Array, from: number): number {
  for (let at = binary.indexOf(magic[0] ?? 0, from); at >= 0;) {
    if (magic.every((byte, index) => binary[at + index] === byte)) return at;
    at = binary.indexOf(magic[0] ?? 0, at + 1);
  }
  return -1;
}

/** Parses the JSON at `at`, after its length; `undefined` if it is not JSON. */
function readJson(bytes: Uint8Array, at: number): unknown {
  if (at + 8 > bytes.length) return undefined;
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset + at).getBigUint64(0, true));
  if (at + 8 + length > bytes.length) return undefined;
  try {
    return JSON.parse(new TextDecoder().decode(bytes.subarray(at + 8, at + 8 + length)));
  } catch {
    return undefined;
  }
}

/** Finds the file tree by trying every "[": the position of the tree is not stored. */
function readTree(payload: Uint8Array): Embedded[] {
  const start = payload.indexOf("[".charCodeAt(0), magic.length + 8);
  for (let at = start; at >= 0; at = payload.indexOf("[".charCodeAt(0), at + 1)) {
    const tree = readJson(payload, at - 8);
    if (Array.isArray(tree) && tree.length > 0 && tree.every(isEmbedded)) return tree;
  }
  throw new Error("No file is embedded in the binary");
}

function isEmbedded(value: unknown): value is Embedded {
  return isRecord(value) && (isRecord(value.File) || isRecord(value.Dir));
}

function listFiles(tree: readonly Embedded[], folder = ""): string[] {
  return tree.flatMap(({ File, Dir }) => [
    ...File === undefined ? [] : [folder + File.n],
    ...Dir === undefined ? [] : listFiles(Dir.e ?? [], `${folder}${Dir.n}/`),
  ]);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
