import assert from "node:assert/strict";
import { reportError } from "../../../../src/cli/ui/report.ts";
import { FobError } from "../../../../src/errors.ts";
import type { Terminal } from "../../../../src/system/terminal.ts";

/** The lines that report an error, and the exit code. */
function reported(error: unknown): { lines: string[]; code: number } {
  const lines: string[] = [];
  const terminal: Pick<Terminal, "say"> = { say: (line) => void lines.push(line) };
  return { code: reportError(error, "text", terminal as Terminal), lines };
}

const machines: [Record<string, string>, RegExp][] = [
  [{ ci: "github" }, /"permissions: id-token: write"/],
  [{ ci: "azure" }, /SYSTEM_ACCESSTOKEN: \$\(System\.AccessToken\)$/],
  [{ ci: "gitlab", variable: "MY_TOKEN" }, /id_tokens: MY_TOKEN: aud: /],
  [{ variable: "MY_TOKEN" }, /^ {2}Set MY_TOKEN to /],
  [{ identity_file: "/run/token" }, /writes an ID token to "\/run\/token"$/],
];

for (const [facts, hint] of machines) {
  Deno.test(`the hint for a workload without an ID token (${JSON.stringify(facts)}) is not to sign in`, () => {
    const { lines, code } = reported(new FobError("not_signed_in", "There is none", { facts }));
    assert.equal(lines[0], "fob: There is none");
    assert.match(lines[1] ?? "", hint);
    assert.equal(code, 3);
  });
}

Deno.test("the hint for a missing login is the command to sign in", () => {
  const { lines } = reported(new FobError("not_signed_in", "No", { facts: { profile: "work" } }));
  assert.equal(lines[1], "  Sign in: fob auth login work");
});

Deno.test({
  name: "a profile name in a hint is quoted for the shell",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    for (const profile of ["my own", "it's", "$(echo no)", "`echo no`", 'a"; echo no #', "a\\"]) {
      const [, hint = ""] =
        reported(new FobError("not_signed_in", "No", { facts: { profile } })).lines;
      const script = hint.replace(/^ *Sign in: fob auth login /, "printf %s ");
      const { stdout } = await new Deno.Command("sh", { args: ["-c", script] }).output();
      assert.equal(new TextDecoder().decode(stdout), profile);
    }
  },
});

Deno.test("the hint for a refused request depends on its facts", () => {
  const hint = (facts: Record<string, string>) =>
    reported(new FobError("provider_refused", "No", { facts })).lines[1] ?? "";
  assert.equal(hint({}), "  No login was changed");
  assert.match(hint({ error: "access_denied" }), /approve the sign-in$/);
  assert.match(hint({ error: "invalid_client" }), /Check --client-id and the client secret$/);
  assert.match(hint({ device: "unsupported" }), /without --device/);
  assert.match(hint({ ci: "github" }), /Run the job again/);
  assert.match(hint({ status: "400", error: "QUOTA_EXCEEDED" }), /fob lease sweep$/);
  assert.match(hint({ status: "403" }), /valid and is for this host$/);
  assert.match(hint({ status: "400", option: "--lifetime" }), /--lifetime$/);
});

Deno.test("the hint for a Windows session without credentials is not to start a keyring", () => {
  for (const code of ["store_unavailable", "plaintext_refused"] as const) {
    const facts = { reason: "no-logon-session" };
    const { lines: [, hint] } = reported(new FobError(code, "No", { facts }));
    assert.match(hint ?? "", /^ {2}Use fob in a Windows session .*Remote Desktop.*, or /);
  }
  const { lines: [, hint] } = reported(new FobError("plaintext_refused", "No"));
  assert.match(hint ?? "", /^ {2}Start a keyring, or /);
});

Deno.test("control characters in a message become spaces", () => {
  const { lines } = reported(
    new FobError("unknown_profile", 'There is no profile "e\x1b[2J\u009bvil"'),
  );
  assert.equal(lines[0], 'fob: There is no profile "e [2J vil"');
});
