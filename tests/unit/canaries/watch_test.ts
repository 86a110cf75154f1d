import { match, rejects } from "node:assert/strict";
import { mark } from "../../canaries/mark.ts";
import { missingRigs } from "../../rigs/rigs.ts";
import { runText } from "../acceptance/run_text.ts";

/** Stands in for a fob that gives secrets away; `$secret` is nowhere in the script. */
const program = `
secret=at-1-$(printf %s ${mark.slice(0, 8)}; printf %s ${mark.slice(8)})-x
case "$1 $2" in
  "auth token") echo "$secret"; case "$3" in --err) echo "$secret" >&2 ;; esac ;;
  "say out") printf '%s' "$secret" | base64 ;;
  "say err") printf '%s' "$secret" | od -An -tx1 >&2 ;;
  "start argv") sh -c : "x$secret" ;;
  "start deep") sh -c 'sh -c "sh -c : \\"$1\\"; :"; :' sh "$secret" ;;
  "start env") OTHER="$secret" sh -c : ;;
  "start path") KNOWN="$KNOWN:/more" sh -c : ;;
  "exec --") OTHER="$secret" sh -c 'echo "$OTHER"; echo "$OTHER" >child' ;;
  "exec argv") sh -c : "$secret" ;;
  "write "*) mkdir -p "$(dirname "$2")"; printf '%s' "$secret" | base64 >"$2" ;;
  "announce "*) echo "$secret" >"$2"; echo "fob: The file is kept as \\"$(realpath "$2")\\"" >&2 ;;
  "pass "*) sh -c : "$2" ;;
  "remove "*) rm "$2" ;;
  "crash "*) echo "$secret" >core.123; kill -ABRT $$ ;;
esac`;

const noStrace = (await missingRigs()).includes("strace");

const run = (script: string): Promise<void> => runText(script, program);

/** Says that what `line` runs leaks, at `where`. */
async function leaks(line: string, where: RegExp, before = ""): Promise<void> {
  await rejects(run(`${before}${line}\n`), (error: Error) => {
    match(error.message, /A secret is in /);
    match(error.message, where);
    return true;
  });
}

Deno.test("a secret on stdout is found, but where a token was asked for", async () => {
  await leaks("fob say out", /what fob says on stdout: "\w+", base64/);
  await run("fob auth token\nstdout '^at-1-'\n");
});

Deno.test("a secret on stderr is found, whatever was asked for", async () => {
  await leaks("fob say err", /what fob says on stderr: "\w+", hexadecimal/);
  await leaks("fob auth token --err", /what fob says on stderr/);
});

const fobsPlaces = [
  "home/.config/fob/config.ini",
  "home/.local/state/fob/locks/x.lock",
  "home/.local/state/fob/audit.log",
  "home/.local/state/fob/credentials.json.part",
  "home/.cache/x",
  "run/fob/x",
  "tmp/x",
  "x",
];
for (const place of fobsPlaces) {
  Deno.test(`a secret in a file is found: ${place}`, async () => {
    await leaks(`fob write ${place}`, new RegExp(`the file "${place}": "\\w+", base64`));
  });
}

Deno.test("a secret is found in what a crash leaves, and where it is there for one run alone", async () => {
  await leaks(`! fob crash now`, /the file "core\.123"/);
  await leaks("fob write tmp/x\nfob remove tmp/x", /the file "tmp\/x"/);
});

Deno.test("a secret may be in the files that are for it, and in a backup that is told of", () =>
  run(`fob write home/.local/state/fob/credentials.json
fob write home/.databrickscfg
fob announce home/.netrc.fob-backup
`));

Deno.test("what was there before the run is nobody's leak, also where a person brought it along", async () => {
  await run(
    `# secrets: dapi-of-ada\nexpand token home/token\nfob say nothing\n-- token --\ndapi-of-ada\n`,
  );
  await run("# secrets: dapi-of-ada\nenv DATABRICKS_TOKEN=dapi-of-ada\nfob start nothing\n");
});

Deno.test({
  name: "a secret in argv of a program that fob starts is found, and of one that this starts",
  ignore: noStrace,
  fn: async () => {
    await leaks("fob start argv", /argv of "sh": "\w+", plain/);
    await leaks("fob start deep", /argv of "sh"/);
    await leaks("fob exec argv", /argv of "sh"/);
    await run("# secrets: dapi-of-ada\nfob pass dapi-of-ada\n");
  },
});

Deno.test({
  name: "a secret in the environment of a program is found, but of what fob exec starts",
  ignore: noStrace,
  fn: async () => {
    await leaks("fob start env", /the variable OTHER of "sh": "\w+", plain/);
    await leaks(
      "fob start path",
      /the variable KNOWN of "sh": "dapi-of-ada"/,
      "# secrets: dapi-of-ada\nenv KNOWN=dapi-of-ada\n",
    );
    await run("fob exec --\nstdout '^at-1-'\ncontains child '^at-1-'\n");
  },
});

Deno.test("a loud run is one with --verbose, of which stderr is looked at for secrets alone", async () => {
  const loud = (script: string): Promise<void> => runText(script, chatty, { isLoud: true });
  await loud("fob auth status -o json\nstdout '^auth status -o json --verbose$'\nempty stderr\n");
  await loud("fob exec work -- x\nstdout '^exec --verbose work -- x$'\n! stderr said\n");
  await loud("fob helper git get\nstdout '^helper git --verbose get$'\n");
  await loud("called docker-credential-fob\nfob get\nstdout '^--verbose get$'\n");
  await loud("fob __complete x\nstdout '^__complete x$'\n");
  await loud("databricks-cli auth token\nstdout '^auth token$'\n");
  await rejects(loud("fob tell\n"), /A secret is in what fob says on stderr/);
  await runText("fob tell\n", chatty);
});

/** Gives a secret away where it is loud. */
const chatty = `
echo "$@"
case "$*" in
  "tell --verbose") printf '%s%s\\n' ${mark.slice(0, 8)} ${mark.slice(8)} >&2 ;;
  *) echo said >&2 ;;
esac`;
