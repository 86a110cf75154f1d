import assert from "node:assert/strict";
import { aws } from "../../../src/protocols/aws.ts";
import { Secret } from "../../../src/secret.ts";
import { issued, parse, parseGet, printed, soon } from "./tool.ts";

Deno.test("AWS gets a key with all that is known of it", () => {
  const accessKey = { id: "AKIA1", sessionToken: new Secret("st"), accountId: "123456789012" };
  const answer = { secret: new Secret("sk/+="), accessKey, expiresAt: soon };
  assert.deepEqual(
    parseGet(aws, []).reply(answer),
    printed(
      '{"Version":1,"AccessKeyId":"AKIA1","SecretAccessKey":"sk/+=","SessionToken":"st",' +
        '"Expiration":"2030-01-02T03:04:05Z","AccountId":"123456789012"}\n',
    ),
  );
});

Deno.test("a key that does not end has neither session nor expiration", () => {
  assert.deepEqual(
    parseGet(aws, []).reply({ secret: new Secret("sk"), accessKey: { id: "AKIA1" } }),
    printed('{"Version":1,"AccessKeyId":"AKIA1","SecretAccessKey":"sk"}\n'),
  );
});

Deno.test("a token is no key, and words are not understood", () => {
  assert.throws(() => parseGet(aws, []).reply(issued("https://api.example")), { code: "usage" });
  assert.throws(() => parse(aws, ["get"]), { code: "usage" });
  const none = { stdout: "", stderr: "fob: There is no access key for AWS\n", exitCode: 1 };
  assert.deepEqual(parseGet(aws, []).miss, none);
  assert.equal(aws.readsInput([]), false);
});
