import { equal, match, rejects } from "node:assert/strict";
import { runText } from "./run_text.ts";

/**
 * Replaces fob and the command that `fob exec` runs, which may print secrets: sends one request. The
 * arguments are method, address, token and body.
 */
const program =
  `shift; exec "$FOB_TEST_DENO" run -q -A --no-config ${import.meta.dirname}/request.ts "$@"`;

Deno.test("databricks start sets address, account and workspace", () =>
  run(`databricks start
fob exec GET $HOST/.well-known/databricks-config
json stdout oidc_endpoint $HOST/oidc
json stdout account_id $ACCOUNT_ID
json stdout workspace_id $WORKSPACE_ID
databricks requests host_metadata 1
! databricks requests host_metadata 2
databricks stop
databricks start unified
fob exec GET $HOST/.well-known/databricks-config
json stdout oidc_endpoint $HOST/oidc/accounts/$ACCOUNT_ID
`));

Deno.test("databricks adopt adds a login that can be refreshed, with faults", () =>
  run(`databricks start
databricks adopt rt-older
databricks rotation keep
databricks jwt
databricks lifetime 60
databricks lifetime-text
fob exec POST $HOST/oidc/v1/token '' grant_type=refresh_token&client_id=databricks-cli&refresh_token=rt-older
json stdout expires_in 60
! json stdout refresh_token
databricks fault token error:other_error:'Databricks is down' 1
! fob exec POST $HOST/oidc/v1/token '' grant_type=refresh_token
json stdout error_description 'Databricks is down'
databricks revoke-all
! fob exec POST $HOST/oidc/v1/token '' grant_type=refresh_token&client_id=databricks-cli&refresh_token=rt-older
json stdout error_description 'Refresh token is invalid'
databricks requests refresh_token 1
databricks attempts refresh_token 2
databricks attempts any 3
`));

Deno.test("databricks pat adds a token; tokens are created, counted and expire", () =>
  run(`databricks start
databricks pat dapi-root 900 root
databricks quota 2
fob exec POST $HOST/api/2.0/token/create dapi-root '{"comment":"child"}'
databricks live-tokens . 2
databricks live-tokens ^child$ 1
! fob exec POST $HOST/api/2.0/token/create dapi-root '{}'
json stdout error_code QUOTA_EXCEEDED
databricks requests token_create 1
databricks attempts token_create 2
databricks clock 901
! fob exec GET $HOST/api/2.0/preview/scim/v2/Me dapi-root
stderr '^HTTP 403$'
databricks live-tokens . 1
`));

Deno.test("databricks trust and principal allow token exchange", () =>
  run(`databricks start
databricks trust jwt-of-ci sp-1
databricks principal sp-1 robot-secret
fob exec POST $HOST/oidc/v1/token '' ${exchange}&subject_token=jwt-of-ci&client_id=sp-1
databricks requests token-exchange 1
databricks expire
databricks deny
databricks delay 1
`));

Deno.test("the test browser sends the code of a Databricks host to localhost", async () => {
  const arrived = Promise.withResolvers<URL>();
  await using listener = listen((request) => {
    arrived.resolve(new URL(request.url));
    return new Response("");
  });
  const { port } = listener.addr;
  const query = new URLSearchParams({
    response_type: "code",
    client_id: "databricks-cli",
    redirect_uri: `http://localhost:${port}`,
    state: "s-1",
    code_challenge: "c".repeat(43),
    code_challenge_method: "S256",
  });
  const login = encodeURIComponent(`/oidc/v1/authorize?${query}`);
  const script = `databricks start\nfob "$HOST/?destination_url=${login}"\n`;
  await runText(`${script}databricks requests authorize 1\n`, `exec "$BROWSER" "$@"`);
  const { searchParams } = await arrived.promise;
  equal(searchParams.get("state"), "s-1");
  match(searchParams.get("code") ?? "", /^code-/);
});

Deno.test("invalid databricks controls fail", async () => {
  await rejects(run("databricks deny\n"), /No Databricks host has been started/);
  await rejects(run("fob exec GET $HOST\n"), /Unknown variable "HOST"/);
  await rejects(run("databricks start\ndatabricks start\n"), /has already been started/);
  await rejects(run("databricks start cloud\n"), /Unknown "cloud": workspace, account, unified/);
  await rejects(run("databricks start\ndatabricks fault nowhere 500\n"), /Unknown endpoint/);
  await rejects(run("databricks start\ndatabricks rotation odd\n"), /Unknown "odd"/);
  await rejects(run("databricks start\ndatabricks requests me 1\n"), /there were 0/);
});

const exchange = "grant_type=urn:ietf:params:oauth:grant-type:token-exchange" +
  "&subject_token_type=urn:ietf:params:oauth:token-type:jwt";

/** Listens on the first free port of the Databricks range. */
function listen(
  answer: (request: Request) => Response,
  port = 8020,
): Deno.HttpServer<Deno.NetAddr> {
  try {
    return Deno.serve({ hostname: "127.0.0.1", port, onListen: () => {} }, answer);
  } catch (error) {
    if (port === 8040 || !(error instanceof Deno.errors.AddrInUse)) throw error;
    return listen(answer, port + 1);
  }
}

function run(script: string): Promise<void> {
  return runText(script, program);
}
