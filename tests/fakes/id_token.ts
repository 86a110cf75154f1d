/** Signs ID tokens (OpenID Connect Core section 2) with a key pair of its own, ES256. */
export class IdTokenSigner {
  readonly #keys: CryptoKeyPair;

  constructor(keys: CryptoKeyPair) {
    this.#keys = keys;
  }

  async sign(claims: Readonly<Record<string, unknown>>): Promise<string> {
    const head = `${part({ alg: "ES256", kid: "1", typ: "JWT" })}.${part(claims)}`;
    const data = new TextEncoder().encode(head);
    const algorithm = { name: "ECDSA", hash: "SHA-256" };
    const signature = await crypto.subtle.sign(algorithm, this.#keys.privateKey, data);
    return `${head}.${base64url(new Uint8Array(signature))}`;
  }

  /** The JWK set that the signatures verify with, RFC 7517 section 5. */
  async keySet(): Promise<{ keys: Record<string, unknown>[] }> {
    const key = await crypto.subtle.exportKey("jwk", this.#keys.publicKey);
    return { keys: [{ ...key, alg: "ES256", use: "sig", kid: "1" }] };
  }
}

export async function createIdTokenSigner(): Promise<IdTokenSigner> {
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  return new IdTokenSigner(await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]));
}

function part(value: unknown): string {
  return base64url(new TextEncoder().encode(JSON.stringify(value)));
}

function base64url(bytes: Uint8Array): string {
  return bytes.toBase64({ alphabet: "base64url", omitPadding: true });
}
