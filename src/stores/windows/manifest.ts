import { FobError } from "../../errors.ts";
import { objectOf, parseObject } from "../../text/json_object.ts";

/** What stands in an account's entry in place of a secret that is too large for one credential. */
export interface Manifest {
  /** Names the parts of one write, and of no other. */
  readonly generation: string;
  readonly parts: number;
  /** Of the whole secret, in bytes. */
  readonly length: number;
}

const version = 1;
/** No text in UTF-8 has this byte, so no secret is ever taken for a manifest. */
const mark = 0xff;

/** The entry that stands for `manifest`: the mark, then a line of JSON. */
export function writeManifest(manifest: Manifest): Uint8Array<ArrayBuffer> {
  const json = JSON.stringify({ v: version, ...manifest });
  return new Uint8Array([mark, ...new TextEncoder().encode(json)]);
}

/**
 * The manifest in an entry; `undefined` where it is the secret itself.
 *
 * @throws {FobError} `store_corrupt`, naming a version that this fob does not know.
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
