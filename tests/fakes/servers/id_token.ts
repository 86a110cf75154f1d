/** RFC 7518 section 3.1. */
export type Algorithm = keyof typeof algorithms;

const algorithms = {
  ES256: { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" },
  RS256: {
    name: "RSASSA-PKCS1-v1_5",
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
    hash: "SHA-256",
  },
} as const;

/** Signs ID tokens (OpenID Connect Core section 2) with its own key pair. */
export class IdTokenSigner {
  readonly #keys: CryptoKeyPair;
  readonly #alg: Algorithm;

  constructor(keys: CryptoKeyPair, alg: Algorithm) {
    this.#keys = keys;
    this.#alg = alg;
  }

  async sign(claims: Readonly<Record<string, unknown>>): Promise<string> {
    const head = `${part({ alg: this.#alg, kid: "1", typ: "JWT" })}.${part(claims)}`;
    const data = new TextEncoder().encode(head);
    const signature = await crypto.subtle.sign(algorithms[this.#alg], this.#keys.privateKey, data);
    return `${head}.${base64url(new Uint8Array(signature))}`;
  }

  /** The JWK set that verifies the signatures, RFC 7517 section 5. */
  async keySet(): Promise<{ keys: Record<string, unknown>[] }> {
    const key = await crypto.subtle.exportKey("jwk", this.#keys.publicKey);
    return { keys: [{ ...key, alg: this.#alg, use: "sig", kid: "1" }] };
  }
}

export async function createIdTokenSigner(alg: Algorithm = "ES256"): Promise<IdTokenSigner> {
  const keys = await crypto.subtle.generateKey(algorithms[alg], true, ["sign", "verify"]);
  return new IdTokenSigner(keys as CryptoKeyPair, alg);
}

function part(value: unknown): string {
  return base64url(new TextEncoder().encode(JSON.stringify(value)));
}

function base64url(bytes: Uint8Array): string {
  return bytes.toBase64({ alphabet: "base64url", omitPadding: true });
}
