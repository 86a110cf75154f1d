import { rejects } from "node:assert/strict";
import { hiddenMark, mark } from "../../canaries/mark.ts";
import { missingRigs } from "../../rigs/rigs.ts";
import { runText } from "../acceptance/run_text.ts";
import { leaks, standIn } from "./stand_in.ts";

const noStrace = (await missingRigs()).includes("strace");

const onStdout = /stdout of fob/;

Deno.test("a secret on stdout is found, unless the command prints tokens", async () => {
  const saying = `'printf %s "$secret" | base64'`;
  await leaks(`fob auth status ${saying}`, /stdout of fob: "\w+", base64/);
  await leaks(`fob auth login ${saying}`, onStdout);
  for (const asked of ["auth token", "auth env", "helper git get", "exec --"]) {
    await standIn(`fob ${asked} ${saying}`);
  }
  await standIn(`called docker-credential-fob\nfob get ${saying}`);
  await leaks(`fob helper git store ${saying}`, onStdout);
});

Deno.test("a hidden secret on stdout is found even if the command prints tokens", async () => {
  for (const asked of ["auth token", "auth env", "helper git get", "exec --"]) {
    await leaks(`fob ${asked} 'echo "at ok; refresh_token=$hidden"'`, onStdout);
  }
});

Deno.test("--sensitive may show settings only under the name databricks", async () => {
  await leaks(`fob auth describe --sensitive 'echo "$secret"'`, onStdout);
  if (Deno.build.os === "linux") {
    const given = "env DATABRICKS_CLIENT_SECRET=robot-secret";
    const telling = `'echo "$DATABRICKS_CLIENT_SECRET"'`;
    await standIn(`${given}\ndatabricks-cli auth describe --sensitive ${telling}`);
    await leaks(`${given}\ndatabricks-cli auth describe ${telling}`, onStdout);
    await leaks(`databricks-cli auth describe --sensitive 'echo "$hidden"'`, onStdout);
    await leaks(`databricks-cli auth describe 'echo "$secret"'`, onStdout);
  }
});

Deno.test("a secret on stderr is found for every command", async () => {
  await leaks(
    `fob auth status 'printf %s "$secret" | od -An -tx1 >&2'`,
    /stderr of fob: "\w+", hexadecimal/,
  );
  await leaks(`fob auth token 'echo "$secret" >&2'`, /stderr of fob/);
  await leaks(`fob auth token 'echo "$hidden" >&2'`, /stderr of fob/);
});

Deno.test("a secret from before the run is not a leak", async () => {
  await standIn(`env DATABRICKS_TOKEN=dapi-of-ada
expand token home/token
fob say :
-- token --
dapi-of-ada`);
});

Deno.test({
  name: "a secret in argv of a child or grandchild process is found",
  ignore: noStrace,
  fn: async () => {
    await leaks(`fob say 'sh -c : "x$secret"'`, /argv of "sh": "\w+", plain/);
    await leaks(
      `fob say 'sh -c "sh -c \\"sh -c : \\\\\\"\\\\$1\\\\\\"; :\\" sh \\"\\$1\\"; :" sh "$secret"'`,
      /argv of "sh"/,
    );
    await leaks(`fob exec 'sh -c : "$secret"'`, /argv of "sh"/);
  },
});

Deno.test({
  name: "a secret in the environment of a program is found, except under fob exec",
  ignore: noStrace,
  fn: async () => {
    await leaks(`fob say 'O="$secret" sh -c :'`, /the variable O of "sh": "\w+", plain/);
    await leaks(
      `env MORE_TOKEN=dapi-of-ada\nfob say 'MORE_TOKEN="$MORE_TOKEN:/more" sh -c :'`,
      /the variable MORE_TOKEN of "sh": "dapi-of-ada"/,
    );
    await standIn(`fob exec 'O="$secret" sh -c :'`);
    await leaks(`fob exec 'O="$hidden" sh -c :'`, /the variable O of "sh": "\w+", plain/);
  },
});

Deno.test("a loud run adds --verbose, and its stderr is only searched for secrets", async () => {
  const loud = (script: string): Promise<void> => runText(script, chatty, { isLoud: true });
  await loud("fob auth status -o json\nstdout '^auth status -o json --verbose$'\nempty stderr\n");
  await loud("fob exec work -- x\nstdout '^exec --verbose work -- x$'\n! stderr said\n");
  await loud("fob helper git get\nstdout '^helper git --verbose get$'\n");
  await loud("called docker-credential-fob\nfob get\nstdout '^--verbose get$'\n");
  await loud("fob __complete x\nstdout '^__complete x$'\n");
  await loud("databricks-cli auth token\nstdout '^auth token$'\n");
  for (const what of ["tell", "whisper"]) {
    await rejects(loud(`fob ${what}\n`), /A secret is in stderr of fob/);
    await runText(`fob ${what}\n`, chatty);
  }
});

/** Leaks a secret if it is loud, and a hidden secret if the runtime logs everything. */
const chatty = `
echo "$@"
case "$*:$DENO_LOG" in
  "tell --verbose:"*) printf '%s%s\\n' ${mark.slice(0, 8)} ${mark.slice(8)} >&2 ;;
  "whisper "*:trace) printf '%s%s\\n' ${hiddenMark.slice(0, 8)} ${hiddenMark.slice(8)} >&2 ;;
  *) echo said >&2 ;;
esac`;
