import fc from "fast-check";
import type { Answer, Call, Protocol } from "../../../src/protocols/protocol.ts";
import {
  type ProtocolName,
  protocolNames,
  protocols as registry,
} from "../../../src/protocols/protocols.ts";
import { Secret } from "../../../src/secret.ts";

/** A token that is easy to find in any output. */
export const canary = "cAnArY";

const hosts = ["a.example", "b.example", "a.example:8443", "127.0.0.1:80", "A.Example", "[::1]"];
const host = fc.constantFrom(...hosts);
const nasty = fc.oneof(
  fc.constantFrom("\n", "\r", "\0", "\x1b[2K", "\x7f", "\x85", "\u2028", "\ufffd", "\ud800", "@"),
  fc.constantFrom("/", "\\", "#", "?", "%0a", ":", " ", ".", "", "é", "。", '"', "="),
  fc.string({ unit: "binary", maxLength: 4 }),
);
/** A host or address, often valid or nearly valid. */
const place = fc.oneof(
  { weight: 3, arbitrary: host },
  { weight: 3, arbitrary: host.map((it) => `https://${it}/x`) },
  fc.tuple(fc.constantFrom("", "https://", "http://", "ssh://"), nasty, host, nasty)
    .map((it) => it.join("")),
);
const word = fc.oneof(place, nasty, fc.string({ unit: "binary", maxLength: 12 }));
const json = (value: fc.Arbitrary<unknown>): fc.Arbitrary<string> =>
  fc.oneof({ weight: 4, arbitrary: value.map((it) => JSON.stringify(it)) }, fc.json(), word);

function call(
  argv: fc.Arbitrary<string[]>,
  input: fc.Arbitrary<string> = fc.constant(""),
  environment: fc.Arbitrary<Record<string, string>> = fc.constant({}),
): fc.Arbitrary<Call> {
  const anyArgv = fc.oneof({ weight: 6, arbitrary: argv }, fc.array(word, { maxLength: 4 }));
  return fc.record({ argv: anyArgv, input, environment });
}

const words = (...choices: string[]): fc.Arbitrary<string[]> =>
  fc.constantFrom(...choices).map((it) => [it]);

const gitLine = fc.oneof(
  { weight: 3, arbitrary: host.map((it) => `host=${it}`) },
  fc.constantFrom("protocol=https", "protocol=https", "protocol=http", "host=", "", "no line"),
  fc.constantFrom("capability[]=authtype", "wwwauth[]=Bearer", "wwwauth[]=Basic", "username=me"),
  fc.tuple(fc.constantFrom("host", "path", "username", "password", "x", "x[]"), word)
    .map((it) => it.join("=")),
);
const gitInput = fc.tuple(
  fc.constantFrom("protocol=https\n", "protocol=https\nhost=a.example\n", ""),
  fc.array(gitLine, { maxLength: 5 }),
  fc.constantFrom("\n", "\r\n", "\n\n"),
).map(([start, lines, end]) => start + lines.join(end));

const cargoRequest = fc.record({
  v: fc.constantFrom(1, 1, 1, 2, "1"),
  kind: fc.constantFrom("get", "get", "get", "login", "logout", "other"),
  token: fc.oneof(fc.constant("t"), word),
  args: fc.array(fc.oneof(word, fc.constant(1)), { maxLength: 2 }),
  registry: fc.record({
    "index-url": fc.oneof(place.map((it) => `sparse+${it}`), place),
    headers: fc.array(fc.constantFrom("www-authenticate: Cargo", "www-authenticate: Bearer"), {
      maxLength: 1,
    }),
  }),
});
const execCredential = fc.record({
  kind: fc.constantFrom("ExecCredential", "ExecCredential", "Pod"),
  apiVersion: fc.oneof(
    fc.constantFrom("v1", "v1beta1", "v2").map((it) => `client.authentication.k8s.io/${it}`),
    word,
  ),
  spec: fc.oneof(
    fc.record({ cluster: fc.record({ server: place }) }),
    fc.constant({}),
    fc.anything(),
  ),
});
const dockerStored = fc.record({ ServerURL: place, Username: word, Secret: word });

/** Possible calls of each protocol by a tool or an attacker. */
const callsOf: Readonly<Record<ProtocolName, fc.Arbitrary<Call>>> = {
  git: call(words("get", "get", "store", "erase", "capability", "other"), gitInput),
  docker: call(
    words("get", "get", "store", "erase", "list"),
    fc.oneof(place, json(dockerStored)),
  ),
  kubectl: call(
    fc.constant([]),
    undefined,
    json(execCredential).map((it) => ({ KUBERNETES_EXEC_INFO: it })),
  ),
  terraform: call(
    fc.tuple(fc.constantFrom("get", "get", "store", "forget"), fc.oneof(host, word)),
    json(fc.record({ token: word })),
  ),
  cargo: call(words("--cargo-plugin"), json(cargoRequest)),
  pnpm: call(fc.constant([])),
  keyring: call(
    fc.oneof(
      fc.tuple(fc.constantFrom("get", "set", "del"), place, fc.oneof(fc.constant("me"), word)),
      place.map((it) => ["get", it, "--mode", "creds"]),
      fc.array(fc.oneof(fc.constantFrom("get", "--output", "json", "--mode=creds"), word)),
    ),
    word,
  ),
  go: call(place.map((it) => [it]), word),
  bazel: call(words("get"), json(fc.record({ uri: place }))),
};

/** Each protocol of the registry with its possible calls. */
export const protocols: readonly [name: string, protocol: Protocol, calls: fc.Arbitrary<Call>][] =
  await Promise.all(
    protocolNames.map(async (name): Promise<[string, Protocol, fc.Arbitrary<Call>]> => [
      name,
      await registry[name].load(),
      callsOf[name],
    ]),
  );

/** Possible replies of fob. */
export const answers: fc.Arbitrary<Answer> = fc.record({
  secret: fc.oneof(
    { weight: 4, arbitrary: fc.constant(canary) },
    nasty.map((it) => canary + it),
  ).map((it) => new Secret(it)),
  host: fc.oneof(host.map((it) => `https://${it}`), host.map((it) => `http://${it}`), place),
  tokenType: fc.oneof({ weight: 4, arbitrary: fc.constantFrom("Bearer", "bearer", "DPoP") }, word),
  username: fc.oneof({ weight: 4, arbitrary: fc.constant("me") }, word),
  expiresAt: fc.oneof(fc.integer(), fc.double(), fc.constant(Infinity)),
}, { requiredKeys: ["secret"] });
