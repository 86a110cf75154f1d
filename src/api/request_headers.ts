import { FobError } from "../errors.ts";

/** The headers that the caller cannot set, and the reason. */
const refused: Readonly<Record<string, string>> = {
  authorization: "fob sends the token of the login",
  host: "it is the host of the URL",
  "accept-encoding": "fob requests the response unencoded",
  "content-length": "it is the length of the body",
  ...Object.fromEntries(
    [
      "connection",
      "expect",
      "keep-alive",
      "proxy-authorization",
      "proxy-connection",
      "te",
      "trailer",
      "transfer-encoding",
      "upgrade",
    ].map((name) => [name, "fob manages the connection"]),
  ),
};

/** `Name: value` (RFC 9110 section 5): a token, and text without line breaks. */
const form = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t\x20-\x7e\x80-\xff]*)$/;

/**
 * Parses the headers of the command line. A value may be a secret, so no message contains it.
 *
 * @throws {FobError} `usage` for an invalid header, and for one that the caller cannot set.
 */
export function readHeaders(texts: readonly string[]): Headers {
  const headers = new Headers();
  for (const text of texts) {
    const [, name, value] = form.exec(text) ?? [];
    if (name === undefined || value === undefined) {
      throw new FobError("usage", 'Invalid --header: it must be one line of text, "Name: value"', {
        facts: { example: "-H 'Accept: application/json'" },
      });
    }
    const key = name.toLowerCase();
    if (Object.hasOwn(refused, key)) {
      throw new FobError("usage", `--header cannot set "${name}": ${refused[key]}`);
    }
    headers.append(name, value);
  }
  return headers;
}
