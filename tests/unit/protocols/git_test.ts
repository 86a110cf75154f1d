import assert from "node:assert/strict";
import { git } from "../../../src/protocols/git.ts";
import { given, issued, parse, parseGet, printed, soon, summary } from "./tool.ts";

const host = "https://git.example";
const asked = "protocol=https\nhost=git.example\n\n";

Deno.test("git helper returns a username, the token as password, and its expiry", () => {
  const request = parseGet(git, ["get"], asked);
  assert.deepEqual(
    request.reply(issued(host, { expiresAt: soon })),
    printed("username=oauth2\npassword=at-1\npassword_expiry_utc=1893553445\n"),
  );
  assert.deepEqual(request.reply(issued(host)), printed("username=oauth2\npassword=at-1\n"));
  assert.deepEqual(request.miss, printed(""));
});

Deno.test("git helper returns the requested username, else the stored one, else the platform's", () => {
  const named = parseGet(git, ["get"], "protocol=https\nhost=git.example\nusername=me\n");
  assert.equal(named.username, "me");
  assert.equal(named.reply(issued(host)).stdout, "username=me\npassword=at-1\n");
  const kept = given(host, "pw", { username: "you" });
  assert.equal(parseGet(git, ["get"], asked).reply(kept).stdout, "username=you\npassword=pw\n");
  assert.throws(() => named.reply(kept), { code: "failed" });
  const hub = parseGet(git, ["get"], "protocol=https\nhost=github.com\nusername=\n");
  assert.equal(
    hub.reply(issued("https://github.com")).stdout,
    "username=x-access-token\npassword=at-1\n",
  );
});

Deno.test("git helper returns Bearer if git and the server support it, else Basic", () => {
  const capable = "capability[]=authtype\ncapability[]=state\nprotocol=https\nhost=git.example\n";
  const bearer = parseGet(git, ["get"], `${capable}wwwauth[]=Bearer realm="x"\nwwwauth[]=Basic\n`);
  assert.deepEqual(
    bearer.reply(issued(host, { tokenType: "bearer", expiresAt: soon })),
    printed(
      "capability[]=authtype\nauthtype=Bearer\ncredential=at-1\nephemeral=1\n" +
        "password_expiry_utc=1893553445\n",
    ),
  );
  const basic = "username=oauth2\npassword=at-1\n";
  assert.equal(bearer.reply(given(host, "at-1")).stdout, basic);
  const others = [
    `${capable}wwwauth[]=Basic realm="Bearer of news"\n`,
    capable,
    `${asked.trim()}\nwwwauth[]=Bearer\n`,
    `${capable}capability[]=\nwwwauth[]=Bearer\n`,
    `${capable}wwwauth[]=Bearer\nwwwauth[]=\n`,
  ];
  for (const input of others) {
    assert.equal(parseGet(git, ["get"], input).reply(issued(host)).stdout, basic, input);
  }
});

Deno.test("git helper refreshes a token that the server refused", () => {
  const said = (text: string): boolean | undefined =>
    parseGet(git, ["get"], `protocol=https\nhost=git.example\nwwwauth[]=${text}\n`).isRefused;
  assert.equal(said('Bearer realm="x", error="invalid_token"'), true);
  assert.equal(said('Bearer realm="x"'), false);
});

Deno.test("git helper's target includes the port, and the path if git sends it", () => {
  const input = "protocol=https\nhost=Git.Example:8443\npath=org/name.git";
  assert.deepEqual(parseGet(git, ["get"], input).target, {
    origins: ["https://git.example:8443"],
    path: "org/name.git",
  });
});

Deno.test("git store keeps the credential with its expiry", () => {
  const input = "protocol=https\nhost=git.example\nusername=me\npassword=a=b c\n" +
    "password_expiry_utc=1893553445\noauth_refresh_token=rt\n";
  assert.deepEqual(summary(parse(git, ["store"], input)), {
    kind: "store",
    target: { origins: [host] },
    username: "me",
    ownUsername: "oauth2",
    secret: "a=b c",
    expiresAt: 1893553445000,
  });
  const odd = "protocol=https\nhost=git.example\npassword=p\npassword_expiry_utc=soon\n";
  assert.deepEqual(summary(parse(git, ["store"], odd)), {
    kind: "store",
    target: { origins: [host] },
    ownUsername: "oauth2",
    secret: "p",
  });
  const typed = `${asked.trim()}\ncapability[]=authtype\nauthtype=Bearer\ncredential=at-1\n`;
  assert.deepEqual(parse(git, ["store"], typed), { kind: "done", done: printed("") });
});

Deno.test("git erase rejects the sent credential and does not sign out", () => {
  const target = { origins: [host] };
  const password = "protocol=https\nhost=git.example\nusername=me\npassword=pw\n";
  const rejected = { kind: "reject", target, username: "me", secret: "pw" };
  assert.deepEqual(summary(parse(git, ["erase"], password)), rejected);
  const typed = "protocol=https\nhost=git.example\nauthtype=Bearer\ncredential=at-1\n";
  assert.deepEqual(summary(parse(git, ["erase"], typed)), {
    kind: "reject",
    target,
    secret: "at-1",
  });
  assert.deepEqual(summary(parse(git, ["erase"], asked)), { kind: "reject", target });
});

Deno.test("git helper returns nothing with exit code 0 for an unknown operation or host", () => {
  const nothing = { kind: "done", done: printed("") };
  assert.deepEqual(parse(git, ["approve"], asked), nothing);
  assert.deepEqual(parse(git, ["constructor"]), nothing);
  for (const protocol of ["http", "cert", "smtp", "imap", "HTTPS", "https "]) {
    const input = `protocol=${protocol}\nhost=git.example\n`;
    assert.deepEqual(parse(git, ["get"], input), nothing, protocol);
  }
  assert.equal(parse(git, ["get"], "protocol=http\nhost=127.0.0.1:8080\n").kind, "get");
});

Deno.test("git helper announces its capability", () => {
  const said = { kind: "done", done: printed("version 0\ncapability authtype\n") };
  assert.deepEqual(parse(git, ["capability"]), said);
});

Deno.test("git input ends at an empty line or at its end", () => {
  const more = "protocol=https\nhost=git.example\n\nhost=evil.example\nthis is no line\n";
  for (const input of [asked, asked.trim(), more]) {
    assert.deepEqual(parseGet(git, ["get"], input).target, { origins: [host] });
  }
});

Deno.test("git helper ignores unknown keys, even repeated", () => {
  const input =
    "protocol=https\nhost=git.example\nnew[]=1\nnew[]=\x01\n=\n__proto__=1\nstate[]=x:1\n";
  assert.deepEqual(summary(parse(git, ["get"], input)), {
    kind: "get",
    target: { origins: [host] },
    isRefused: false,
  });
});

Deno.test("git helper reads stdin for get, store and erase", () => {
  const read = ["get", "store", "erase", "capability", "other"].filter((it) =>
    git.readsInput([it])
  );
  assert.deepEqual(read, ["get", "store", "erase"]);
});
