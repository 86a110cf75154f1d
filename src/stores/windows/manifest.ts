import { FobError } from "../../errors.ts";
import { objectOf, parseObject } from "../../text/json_object.ts";

/** The content of an account's entry if the secret is too large for one credential. */
export interface Manifest {
  /** Unique name of one write, used in the names of its parts. */
  readonly generation: string;
  readonly parts: number;
  /** Length of the whole secret in bytes. */
  readonly length: number;
}

const version = 1;
/** UTF-8 text never contains this byte, so a secret cannot be mistaken for a manifest. */
const mark = 0xff;

/** Encodes `manifest`: the mark, then a line of JSON. */
export function writeManifest(manifest: Manifest): Uint8Array<ArrayBuffer> {
  const json = JSON.stringify({ v: version, ...manifest });
  return new Uint8Array([mark, ...new TextEncoder().encode(json)]);
}

/**
 * Decodes the manifest in an entry; `undefined` if the entry is the secret itself.
 *
 * @throws {FobError} `store_corrupt` for an invalid manifest or an unsupported version.
 */
export function readManifest(entry: Uint8Array, account: string): Manifest | undefined {
  if (entry[0] !== mark) return undefined;
  const json = new TextDecoder().decode(entry.subarray(1));
  const { v, generation, parts, length } = objectOf(parseObject(json));
  const what = `The entry for "${account}" in the Credential Manager`;
  if (v !== version && v !== undefined) {
    const found = String(v).slice(0, 20);
    throw new FobError(
      "store_corrupt",
      `${what} has version ${found}, this fob supports ${version}`,
      {
        facts: { version: found },
      },
    );
  }
  if (v === undefined || typeof generation !== "string" || !isCount(parts) || !isCount(length)) {
    throw new FobError("store_corrupt", `${what} is neither a secret nor a valid manifest`);
  }
  return { generation, parts, length };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}
