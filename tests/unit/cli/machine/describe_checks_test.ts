import assert from "node:assert/strict";
import {
  checkFields,
  describeGroups,
  type Page,
} from "../../../../src/cli/machine/describe_checks.ts";
import { fixFor } from "../../../../src/cli/machine/doctor_fixes.ts";
import { type Check, fail, ok, warn } from "../../../../src/doctor/check.ts";

const plain: Page = { outputColumns: undefined, outputColor: false };
const path = "/home/me/.local/state/fob/credentials.json";
const open = fail("mode", `"${path}" has mode 0644`, "mode_too_wide", { path, mode: "600" });

function described(checks: readonly Check[], page: Page): string {
  return describeGroups([{ title: "Files", checks }], page, "/home/me");
}

Deno.test("a check is a line, with a fix below a failed check", () => {
  assert.equal(
    described([ok("profiles", "2"), open], plain),
    `Files
  ok    profiles  2
  FAIL  mode      "~/.local/state/fob/credentials.json" has mode 0644
                  Fix: chmod 600 ~/.local/state/fob/credentials.json
`,
  );
});

Deno.test("lines are wrapped to the width of the terminal", () => {
  const long = warn("x", "word ".repeat(40).trim(), "not_tried");
  for (const outputColumns of [60, 80, 200]) {
    const text = described([long, open], { outputColumns, outputColor: false });
    for (const line of text.split("\n")) {
      assert.ok([...line].length <= outputColumns, line);
    }
  }
});

Deno.test("the detail of the longest ID is wrapped below it", () => {
  const id = `issuer:${"x".repeat(64)}`;
  const text = described([ok("a", "1"), warn(id, "word ".repeat(40).trim(), "not_tried")], {
    ...plain,
    outputColumns: 80,
  });
  const lines = text.split("\n");
  assert.equal(lines[1], "  ok    a  1");
  assert.equal(lines[2], `  warn  ${id}`);
  assert.match(lines[3] ?? "", /^ {11}word word/);
  for (const line of lines) assert.ok(line.length <= 80, line);
});

Deno.test("color changes nothing but the color", () => {
  const checks = [ok("a", "1"), warn("b", "2", "not_tried"), open];
  const colored = described(checks, { ...plain, outputColor: true });
  assert.match(colored, /\p{Cc}\[32mok/u);
  assert.equal(colored.replaceAll(/\p{Cc}\[[\d;]*m/gu, ""), described(checks, plain));
});

Deno.test("control characters and line breaks in a check become spaces", () => {
  const odd = warn("x\x1b[2J", "a\nb\u202ec\x07", "not_tried");
  assert.doesNotMatch(described([odd], plain).replaceAll("\n", ""), /\p{C}/u);
  assert.equal(described([odd], plain).split("\n").length, 4);
  const { id, detail } = checkFields(odd) as Check;
  assert.doesNotMatch(id + detail, /\p{C}/u);
});

Deno.test("the JSON of a check has the same detail, and a code if it failed", () => {
  assert.deepEqual(checkFields(ok("a", "1")), { id: "a", state: "ok", detail: "1" });
  assert.deepEqual(checkFields(open), {
    id: "mode",
    state: "fail",
    detail: `"${path}" has mode 0644`,
    fix: `chmod 600 ${path}`,
    code: "mode_too_wide",
  });
});

Deno.test("a path in a fix is quoted for the shell", () => {
  const odd = "/home/me/it's here";
  const check = fail("x", "", "mode_too_wide", { path: odd, mode: "600" });
  assert.equal(fixFor(check), `chmod 600 '/home/me/it'\\''s here'`);
  assert.match(described([check], plain), /chmod 600 '\/home\/me\//);
});

Deno.test("the fix for a Windows session without credentials is not to start a keyring", () => {
  const reason = "no-logon-session";
  for (const facts of [{ reason }, { reason, refused: "yes" }]) {
    for (const code of ["store_unavailable", "plaintext_used", "plaintext_refused"] as const) {
      assert.match(
        fixFor(fail("x", "", code, facts)) ?? "",
        /^Use fob in a Windows session .*, or /,
      );
    }
  }
});

Deno.test("each problem has a fix, and a passed check has none", () => {
  const problems = [
    "clock_off",
    "clock_unknown",
    "file_left",
    "file_unread",
    "lines_unread",
    "lock_held",
    "login_without_profile",
    "mode_too_wide",
    "no_opener",
    "not_private",
    "not_tried",
    "opener_missing",
    "plaintext_used",
    "refresh_interrupted",
    "variable_overrides",
    "store_locked",
    "store_denied",
    "store_timeout",
    "store_unavailable",
    "store_corrupt",
    "store_failed",
    "plaintext_refused",
    "provider_unreachable",
    "provider_answer_invalid",
    "issuer_mismatch",
    "config_invalid",
    "io_failed",
    "usage",
  ] as const;
  for (const code of problems) {
    assert.ok(fixFor(fail("x", "", code)), code);
    assert.doesNotMatch(fixFor(fail("x", "", code)) ?? "", /undefined/);
  }
  for (const tool of ["npm", "netrc"]) {
    assert.ok(fixFor(warn("x", "", "plaintext_left", { tool })), tool);
  }
  assert.equal(fixFor(ok("x", "")), undefined);
});
