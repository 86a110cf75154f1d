import assert from "node:assert/strict";
import { reportError } from "../../../../src/cli/ui/report.ts";
import { FobError } from "../../../../src/errors.ts";
import type { Terminal } from "../../../../src/system/terminal.ts";

/** The lines that an error is told in, and the exit code. */
function told(error: unknown): { lines: string[]; code: number } {
  const lines: string[] = [];
  const terminal: Pick<Terminal, "say"> = { say: (line) => void lines.push(line) };
  return { code: reportError(error, "text", terminal as Terminal), lines };
}

const machines: [Record<string, string>, RegExp][] = [
  [{ ci: "github" }, /"permissions: id-token: write"/],
  [{ ci: "azure" }, /SYSTEM_ACCESSTOKEN: \$\(System\.AccessToken\)$/],
  [{ ci: "gitlab", variable: "MY_TOKEN" }, /id_tokens: MY_TOKEN: aud: /],
  [{ variable: "MY_TOKEN" }, /^ {2}Set MY_TOKEN to /],
  [{ identity_file: "/run/token" }, /write its token there$/],
];

for (const [facts, hint] of machines) {
  Deno.test(`a machine without an identity token (${JSON.stringify(facts)}) is not told to sign in`, () => {
    const { lines, code } = told(new FobError("not_signed_in", "There is none", { facts }));
    assert.equal(lines[0], "fob: There is none");
    assert.match(lines[1] ?? "", hint);
    assert.equal(code, 3);
  });
}

Deno.test("a person who is not signed in is told how", () => {
  const { lines } = told(new FobError("not_signed_in", "No", { facts: { profile: "work" } }));
  assert.equal(lines[1], "  Sign in: fob auth login work");
});

Deno.test({
  name: "a hint with a profile's name in it runs nothing when it is pasted into a shell",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    for (const profile of ["my own", "it's", "$(echo no)", "`echo no`", 'a"; echo no #', "a\\"]) {
      const [, hint = ""] = told(new FobError("not_signed_in", "No", { facts: { profile } })).lines;
      const script = hint.replace(/^ *Sign in: fob auth login /, "printf %s ");
      const { stdout } = await new Deno.Command("sh", { args: ["-c", script] }).output();
      assert.equal(new TextDecoder().decode(stdout), profile);
    }
  },
});

Deno.test("a refusal is told to a person and to a job in their own terms", () => {
  const hint = (facts: Record<string, string>) =>
    told(new FobError("provider_refused", "No", { facts })).lines[1] ?? "";
  assert.match(hint({}), /Approve the sign-in/);
  assert.match(hint({ device: "unsupported" }), /without --device/);
  assert.match(hint({ ci: "github" }), /Run the job again/);
  assert.match(hint({ status: "400", error: "QUOTA_EXCEEDED" }), /fob lease sweep$/);
  assert.match(hint({ status: "403" }), /still good$/);
  assert.match(hint({ status: "400", option: "--lifetime" }), /--lifetime$/);
});

Deno.test("nobody in a session of Windows that keeps no credentials is told to start a keyring", () => {
  for (const code of ["store_unavailable", "plaintext_refused"] as const) {
    const facts = { reason: "no-logon-session" };
    const { lines: [, hint] } = told(new FobError(code, "No", { facts }));
    assert.match(hint ?? "", /^ {2}Use it in a session of Windows .*Remote Desktop.*, or /);
  }
  const { lines: [, hint] } = told(new FobError("plaintext_refused", "No"));
  assert.match(hint ?? "", /^ {2}Start a keyring, or /);
});

Deno.test("what a file says of itself moves no cursor in a message", () => {
  const { lines } = told(
    new FobError("unknown_profile", 'There is no profile "e\x1b[2J\u009bvil"'),
  );
  assert.equal(lines[0], 'fob: There is no profile "e [2J vil"');
});
