import { deepEqual, equal, match, rejects } from "node:assert/strict";
import { needsOf, titleOf } from "../../acceptance/runner/runner.ts";
import { parseTxtar } from "../../acceptance/runner/txtar.ts";
import { missingRigs } from "../../rigs/rigs.ts";
import { runText } from "./run_text.ts";

/** A fake fob: the first argument selects what it does. */
const program = `
case "$1" in
  say) shift; printf '%s\\n' "$@" ;;
  complain) shift; printf '%s\\n' "$@" >&2; exit 3 ;;
  cat) cat ;;
  environment) env | sed 's/=.*//' | sort ;;
  show) eval "printf '%s\\n' \\"\\$$2\\"" ;;
  write) printf more | cat >>"$2" ;;
  visit) "$BROWSER" "$2" ;;
  flood) trap '' PIPE; sleep 0.2; echo flood 2>/dev/null || exit 9 ;;
esac`;

Deno.test("a failing line is reported with file, line number and the last run of fob", () =>
  rejects(run("fob say hello\n\nstdout bye\n"), (error: Error) => {
    match(error.message, /^script\.txtar:3: stdout bye$/m);
    match(error.message, /^last run: .*\/fob say hello$/m);
    match(error.message, /^exit code: 0\nstdout:\nhello\n\nstderr:\n$/m);
    return true;
  }));

Deno.test("fob must exit with 0, or not with !, and exit checks the code", async () => {
  await run("fob say\n! fob complain\nexit 3\n! exit 0\n");
  await rejects(run("fob complain x\n"), /:1: fob complain x\nthe exit code is 3/);
  await rejects(run("! fob say\n"), /:1: ! fob say\nthe exit code is 0/);
  await rejects(run("! fob complain\nexit 4\n"), /:2: exit 4/);
  await rejects(run("exit 0\n"), /fob has not been run yet/);
});

Deno.test("stdout and stderr are searched line by line", async () => {
  await run("fob say one two\nstdout ^two$\n! stdout three\nempty stderr\n! empty stdout\n");
  await run("! fob complain one\nstderr ^one$\nempty stdout\n");
  await rejects(run("fob say one\n! stdout one\n"), /:2:/);
  await rejects(run("fob say one\nempty stdout\n"), /stdout has 4 characters/);
  await rejects(run("fob say one\nstderr one\n"), /:2:/);
});

Deno.test("stdin is empty, or a file for one run", async () => {
  await run(
    "fob cat\nempty stdout\nstdin in\nfob cat\ncmp stdout in\nfob cat\nempty stdout\n" + input,
  );
  await run("fill big 300000\nstdin big\nfob say\n");
});

Deno.test("cmp supports [..] and variables in the golden text, and shows the difference", async () => {
  await run(
    "fob say $WORK/a x1y\ncmp stdout golden\n! cmp golden stdout\n-- golden --\n$WORK/a\nx[..]y\n",
  );
  await rejects(run(`fob say b\ncmp stdout in\n${input}`), /:2: cmp stdout in\n- a\n\+ b$/m);
});

Deno.test("json checks values by path, and missing values with !", async () => {
  const object = `'{"error":{"code":"usage","at":[1,true]},"none":null}'`;
  await run(`fob say ${object}
json stdout error.code usage
json stdout error.at.1 true
json stdout error.at [1,true]
json stdout none
! json stdout error.hint
! json stdout error.code failed
! json stdout error.constructor
`);
  await rejects(run(`fob say ${object}\njson stdout error.code failed\n`), /error.code is usage/);
  await rejects(run(`fob say ${object}\n! json stdout error\n`), /:2:/);
  await rejects(run("fob say text\n! json stdout error\n"), /not valid JSON/);
});

Deno.test("fob's environment has no variables of the caller", async () => {
  await run(`fob environment
cmp stdout names
-- names --
BROWSER
DENO_DIR
DENO_NO_UPDATE_CHECK
FOB_TEST_DENO
HOME
LANG
NO_COLOR
PATH
PWD
TMPDIR
TZ
XDG_RUNTIME_DIR
`);
  await run(`fob show HOME\nstdout ^$WORK/home$\nmode run 0700\nenv TZ=Asia/Tokyo -LANG A='b c'
fob show TZ\nstdout ^Asia/Tokyo$\nfob show A\nstdout '^b c$'\n`);
  await rejects(run("env -LANG\nfob say $LANG\n"), /Unknown variable "LANG"/);
  await rejects(run("env A\n"), /Invalid setting "A"/);
});

Deno.test("file verbs create, change and check files", async () => {
  await run(`mkdir a/b\ncp in a/b/in\ncmp a/b/in in\nchmod 0600 a/b/in\nmode a/b/in 0600
append in 'b'\ncontains in ^b$\n! contains in ^ab$\nnul in\nfill f 10\nsymlink in link\nexists link f
rm f a\n! exists f a\nsymlink nowhere dangling\nexists dangling\n${input}`);
  await rejects(run(`exists in out\n${input}`), /existing: in/);
  await rejects(run(`! exists in out\n${input}`), /existing: in/);
  await rejects(run(`mode in 0600\n${input}`), /the mode is 0644/);
  await rejects(run("! contains nothing x\n"), /No such file/);
});

Deno.test("a line with [unix] or [windows] runs only on that system", async () => {
  await run("fob say one\n[windows] stdout two\n[unix] stdout one\n");
  await rejects(run("[unix] ! fob say\n"), /:1: \[unix\] ! fob say\nthe exit code is 0/);
  await rejects(run("[beos] fob say\n"), /Unknown verb "\[beos\]"/);
});

Deno.test("invalid lines fail", async () => {
  await rejects(run("login\n"), /Unknown verb "login"/);
  await rejects(run("constructor\n"), /Unknown verb "constructor"/);
  await rejects(run("!\n"), /Missing verb after "!"/);
  await rejects(run("! mkdir a\n"), /needs a verb that checks something/);
  await rejects(run("mode a\n"), /Usage: mode FILE OCTAL/);
  await rejects(run("server what\n"), /Unknown control "what"/);
  await rejects(run("server deny\n"), /No server has been started/);
  await rejects(run("server start\nserver fault token odd\n"), /Unknown fault "odd"/);
  await rejects(run("server start\nserver fault nowhere 500\n"), /Unknown endpoint "nowhere"/);
});

Deno.test("server start sets addresses; controls and request counts work", async () => {
  await run(`server start
fob say $ISSUER $API
stdout '^http://127.0.0.1:[0-9]+/api$'
requests refresh_token 0
! requests refresh_token 1
server lifetime 60
server clock -30
server fault token 500 2
server fault token none
server claim-issuer https://other.example
server deny
server device-approve-after 3
server delay 5
server revoke-all
server stop
`);
  await rejects(run("server start\nserver start\n"), /A server has already been started/);
});

Deno.test("BROWSER visits the authorization server", () =>
  run(`server start
env BROWSER_SAVES=$WORK/page
fob visit "$ISSUER/authorize?response_type=code&client_id=fob&code_challenge_method=S256&state=s\
&redirect_uri=http%3A%2F%2F127.0.0.1%3A9%2F&code_challenge=${"c".repeat(43)}"
empty stdout
empty stderr
requests authorize 1
wait page
empty page
! exists home/.cache
`));

Deno.test("close-stdout closes the pipe of one run", () =>
  run("close-stdout\n! fob flood\nexit 9\nfob flood\nstdout flood\n"));

Deno.test({
  name: "unshare makes a directory read-only or full for one run",
  ignore: (await missingRigs()).includes("mounts"),
  fn: () =>
    run(`unshare readonly d
! fob write d/in
stderr 'Read-only file system'
unshare tmpfs d 65536
! fob write d/new
stderr 'No space left'
exists d/new
empty d/new
contains d/in ^old$
! exists d/.fill
fob write d/in
contains d/in ^more$
-- d/in --
old
`),
});

Deno.test("title and needs of a script are parsed from its comments", () => {
  const archive = parseTxtar(
    "# needs: mounts, keyring\n\n#  A title\n# more\nfob\n-- a --\n# needs: x\n",
  );
  equal(titleOf(archive), "A title");
  deepEqual(needsOf(archive), ["mounts", "keyring"]);
  deepEqual(needsOf(parseTxtar("fob\n")), []);
});

Deno.test("a script leaves no files and no server, passed or failed", async () => {
  await run("fob say $WORK\ncp stdout seen\n");
  const error = await run("server start\nfob say $WORK $ISSUER\nexit 1\n").catch((error) => error);
  const [, work = "", issuer = ""] = /^stdout:\n(.*)\n(.*)$/m.exec(String(error)) ?? [];
  await rejects(Deno.stat(work), Deno.errors.NotFound);
  await rejects(fetch(issuer), TypeError);
});

const input = "-- in --\na\n";

/** Runs a script with the fake fob. */
function run(script: string): Promise<void> {
  return runText(script, program);
}
