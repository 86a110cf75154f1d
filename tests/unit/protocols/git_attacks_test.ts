import assert from "node:assert/strict";
import { git } from "../../../src/protocols/git.ts";
import { Secret } from "../../../src/secret.ts";
import { issued, parse, parseGet } from "./tool.ts";

const operations = ["get", "store", "erase"];

/** Checks that every operation refuses `input`. */
function refuses(input: string): void {
  for (const operation of operations) {
    assert.throws(() => parse(git, [operation], `${input}\nusername=me\npassword=pw\n`), {
      name: "FobError",
      code: "usage",
    }, JSON.stringify(input));
  }
}

Deno.test("CVE-2020-5260: an injected line does not select another host", () => {
  // https://evil.example?%0ahost=github.com, as git before 2.26.1 passes it on.
  refuses("protocol=https\nhost=evil.example\nhost=github.com");
  refuses("protocol=https\nhost=evil.example\nprotocol=https");
  refuses("protocol=https\nhost=evil.example?\nhost=github.com");
  refuses("host=github.com\nprotocol=https\nhost=");
});

Deno.test("CVE-2020-11008: a blank or missing host or protocol gets no credential", () => {
  for (
    const input of [
      "protocol=https\nhost=",
      "protocol=https",
      "host=github.com",
      "protocol=\nhost=github.com",
      "protocol=https\nhost= ",
      "protocol=https\nhost=.",
      "protocol=https\nhost=:443",
    ]
  ) refuses(input);
  assert.throws(() => parse(git, ["get"], ""), { code: "usage" });
  assert.throws(() => parse(git, ["get"], "\nprotocol=https\nhost=github.com\n"), {
    code: "usage",
  });
});

Deno.test("CVE-2024-50338 and CVE-2024-52006: a carriage return does not end a line", () => {
  // https://github.com%0dprotocol=https%0dhost=evil.example, and the reverse.
  refuses("protocol=https\nhost=evil.example\rhost=github.com");
  refuses("protocol=https\nhost=github.com\r");
  refuses("protocol=https\nhost=github.com\r\npath=x");
  refuses("protocol=https\r\nhost=github.com\r\n\r");
  refuses("protocol=https\nhost=github.com\npath=x\rhost=evil.example");
  const named = "protocol=https\nhost=github.com\nusername=me\rhost=evil.example\n";
  assert.throws(() => parse(git, ["get"], named), { code: "usage" });
  const stored = "protocol=https\nhost=github.com\nusername=me\npassword=p\rq\n";
  assert.throws(() => parse(git, ["store"], stored), { code: "usage" });
});

Deno.test("CVE-2024-50349: escape sequences in a host or a username are refused", () => {
  refuses("protocol=https\nhost=\x1b[2Kgithub.com");
  refuses("protocol=https\nhost=github.com\x1b]0;x\x07");
  const named = "protocol=https\nhost=github.com\nusername=\x1b[1Ame\n";
  assert.throws(() => parse(git, ["get"], named), (error: Error) => {
    assert.equal(error.message, "The username contains control characters or invalid text");
    return true;
  });
});

Deno.test("a host with a user, a path, an escape or another spelling of an IP address is refused", () => {
  const hosts = [
    "evil.example@github.com",
    "github.com/@evil.example",
    "github.com#.evil.example",
    "github.com?.evil.example",
    "github.com\\.evil.example",
    "github.com evil.example",
    "github%2ecom",
    "0x7f000001",
    "127.1",
    "[::1",
    "::1",
    "github.com:443:443",
    "gıthub.com:",
    "g\u200bithub.com",
    "github.com\0",
    "g\ufffdthub.com",
  ];
  for (const host of hosts) refuses(`protocol=https\nhost=${host}`);
});

Deno.test("a token cannot add a line to the reply", () => {
  const { reply } = parseGet(git, ["get"], "protocol=https\nhost=git.example\n");
  for (const text of ["at\nhost=evil.example", "at\rquit=1", "at\0", "\x1b[A"]) {
    assert.throws(() => reply(issued("https://git.example", { secret: new Secret(text) })), {
      code: "provider_answer_invalid",
    });
  }
});

Deno.test("input that git never sends is refused", () => {
  refuses("protocol=https\nhost=git.example\nno line");
  refuses(`protocol=https\nhost=git.example\npath=${"x".repeat(1 << 20)}`);
  assert.throws(() => parse(git, []), { code: "usage" });
});
