import assert from "node:assert/strict";
import { basicUsername } from "../../../src/protocols/basic_username.ts";
import { targetOfText } from "../../../src/protocols/target.ts";

const names: [asked: string, username: string][] = [
  ["github.com", "x-access-token"],
  ["https://me.ghe.com:8443/x", "x-access-token"],
  ["gitlab.com", "oauth2"],
  ["bitbucket.org", "x-token-auth"],
  ["eu.gcr.io", "oauth2accesstoken"],
  ["1234.dkr.ecr.eu-west-1.amazonaws.com", "AWS"],
  ["mygithub.com", "oauth2"],
  ["github.com.example", "oauth2"],
  ["github.com.", "oauth2"],
];

for (const [asked, username] of names) {
  Deno.test(`a token for ${asked} has the username ${username}`, () => {
    assert.equal(basicUsername(targetOfText(asked)), username);
  });
}
