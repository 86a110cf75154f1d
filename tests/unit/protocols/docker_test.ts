import assert from "node:assert/strict";
import { present } from "../../../src/present.ts";
import { docker } from "../../../src/protocols/docker.ts";
import { given, issued, parse, parseGet, printed, summary } from "./tool.ts";

const notFound = {
  stdout: "credentials not found in native keychain\n",
  stderr: "",
  exitCode: 1,
};

const registries: [server: string, host: string, path?: string][] = [
  ["127.0.0.1:5055", "http://127.0.0.1:5055"],
  ["127.0.0.1:5055", "https://127.0.0.1:5055"],
  ["registry.example", "https://registry.example"],
  ["Registry.Example:5000", "https://registry.example:5000/"],
  ["https://registry.example", "https://registry.example"],
  ["registry.example/org/name", "https://registry.example", "org/name"],
  ["https://index.docker.io/v1/", "https://index.docker.io", "v1/"],
];

for (const [server, host, path] of registries) {
  Deno.test(`docker helper returns the credential of ${host} for ${server}, under the given name`, () => {
    for (const input of [server, `${server}\n`, `${server}\r\n`]) {
      const request = parseGet(docker, ["get"], input);
      assert.equal(request.target?.path, path);
      assert.deepEqual(
        request.reply(issued(host)),
        printed(`{"ServerURL":"${server}","Username":"oauth2","Secret":"at-1"}\n`),
      );
      assert.deepEqual(request.miss, notFound);
    }
  });
}

Deno.test("docker helper returns the stored username, or the platform's", () => {
  const name = (server: string, username?: string): string => {
    const more = present({ username });
    const { stdout } = parseGet(docker, ["get"], server).reply(
      given(`https://${server}`, "s", more),
    );
    return JSON.parse(stdout).Username;
  };
  assert.equal(name("registry.example", "me"), "me");
  assert.equal(name("registry.example", "<token>"), "<token>");
  assert.equal(name("europe-docker.pkg.dev"), "oauth2accesstoken");
  assert.equal(name("1234.dkr.ecr.eu-west-1.amazonaws.com"), "AWS");
  assert.equal(name("me.azurecr.io"), "00000000-0000-0000-0000-000000000000");
});

Deno.test("docker helper returns no credential for a remote registry over plain http", () => {
  const input = "http://registry.example";
  assert.deepEqual(parse(docker, ["get"], input), { kind: "done", done: notFound });
  assert.deepEqual(parse(docker, ["erase"], input), { kind: "done", done: printed("") });
  const stored = JSON.stringify({ ServerURL: input, Username: "me", Secret: "s" });
  assert.throws(() => parse(docker, ["store"], stored), { code: "usage" });
});

Deno.test("docker login stores a credential, and docker logout removes it", () => {
  const input = '{"ServerURL":"https://index.docker.io/v1/","Username":"me","Secret":"p\\"w"}\n';
  const target = { origins: ["https://index.docker.io"], path: "v1/" };
  const stored = parse(docker, ["store"], input);
  assert.deepEqual(summary(stored), { kind: "store", target, username: "me", secret: 'p"w' });
  assert.deepEqual("done" in stored && stored.done, printed(""));
  const erased = parse(docker, ["erase"], "https://index.docker.io/v1/");
  assert.deepEqual(erased, { kind: "forget", target, done: printed(""), miss: printed("") });
});

Deno.test("docker helper returns only stored credentials below a registry", () => {
  const isStoredOnly = (server: string): unknown => {
    const request = parse(docker, ["get"], server);
    return request.kind === "get" && request.isStoredOnly;
  };
  assert.equal(isStoredOnly("https://index.docker.io/v1/"), false);
  assert.equal(isStoredOnly("registry.example"), false);
  for (const path of ["access-token", "refresh-token"]) {
    assert.equal(isStoredOnly(`https://index.docker.io/v1/${path}`), true);
  }
});

Deno.test("docker list returns the names that docker passes to get", () => {
  const request = parse(docker, ["list"], "unused");
  assert.ok(request.kind === "list");
  const entries = [
    { host: "https://index.docker.io", username: "me" },
    { host: "https://index.docker.io/v1/refresh-token", username: "me" },
    { host: "https://registry.example:5000", username: "you" },
    { host: "http://127.0.0.1:5055" },
  ];
  const listed =
    '{"https://index.docker.io/v1/":"me","https://index.docker.io/v1/refresh-token":"me","registry.example:5000":"you","http://127.0.0.1:5055":"oauth2"}\n';
  assert.deepEqual(request.reply(entries), printed(listed));
  assert.deepEqual(request.reply([]), printed("{}\n"));
});

Deno.test("docker helper reports errors on stdout, with the texts that docker matches", () => {
  const error = (argv: string[], input: string): unknown => {
    try {
      return parse(docker, argv, input);
    } catch (error) {
      return docker.fail((error as Error).message);
    }
  };
  const failed = (text: string): unknown => ({ stdout: `${text}\n`, stderr: "", exitCode: 1 });
  const noServer = failed("no credentials server URL");
  assert.deepEqual(error(["get"], ""), noServer);
  assert.deepEqual(error(["get"], " \n"), noServer);
  assert.deepEqual(error(["erase"], "\n"), noServer);
  assert.deepEqual(error(["store"], '{"ServerURL":"","Username":"me","Secret":"s"}'), noServer);
  assert.deepEqual(
    error(["store"], '{"ServerURL":"h.example","Secret":"s"}'),
    failed("no credentials username"),
  );
  assert.deepEqual(error(["gut"], ""), failed("Unknown credential action `gut`"));
  assert.deepEqual(
    error([], ""),
    failed("Docker passes one argument: the operation"),
  );
  assert.deepEqual(docker.fail("a\x1b[2K\nb"), failed("a [2K b"));
});

Deno.test("docker helper refuses a server with line breaks or control characters", () => {
  for (
    const server of ["a.example\nb.example", "a.example\r", "a.example\x1b[A\n", "a.example\0"]
  ) {
    assert.throws(() => parse(docker, ["get"], server), { code: "usage" });
    const stored = JSON.stringify({ ServerURL: server, Username: "me", Secret: "s" });
    assert.throws(() => parse(docker, ["store"], stored), { code: "usage" });
  }
  for (const input of ["", "[]", "null", '"s"', "{", '{"ServerURL":1}', '{"Secret":{}}']) {
    assert.throws(() => parse(docker, ["store"], input), { code: "usage" }, input);
  }
  for (const [Username, Secret] of [["m\ne", "s"], ["me", "s\n"]]) {
    const stored = JSON.stringify({ ServerURL: "a.example", Username, Secret });
    assert.throws(() => parse(docker, ["store"], stored), { code: "usage" });
  }
});

Deno.test("docker helper does not read stdin for list", () => {
  const read = ["get", "store", "erase", "list", "version"].filter((it) => docker.readsInput([it]));
  assert.deepEqual(read, ["get", "store", "erase"]);
});
