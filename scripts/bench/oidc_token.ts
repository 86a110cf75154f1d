import type { Contender } from "./contender.ts";
import type { Field } from "./contenders.ts";
import { tell } from "./tell.ts";

const token = "a".repeat(40);

/** `oidc-token` with an agent in its own home, which holds the token in memory. */
export async function oidcToken(field: Field): Promise<Omit<Contender, "table">[]> {
  const { folder, note } = field;
  const home = `${folder}/oidc-agent`;
  const socket = `${home}/socket`;
  const environment = {
    HOME: home,
    PATH: Deno.env.get("PATH") ?? "",
    OIDC_SOCK: socket,
  };
  const said = await tell(["oidc-agent", "--version"], environment).catch(() => undefined);
  if (said === undefined) {
    note("`oidc-token` is left out: oidc-agent is not installed");
    return [];
  }
  await Deno.mkdir(`${home}/.oidc-agent`, { recursive: true });
  await startAgent(environment, socket, field);
  const account = {
    "issuer": startIssuer(field),
    "client-id": "fob",
    "client-secret": "s3cret",
    "scope": "openid offline_access",
    "redirect-uri": "http://localhost:4242",
    "rt-env": "REFRESH_TOKEN",
    "pw-env": "PASSWORD",
    "prompt": "none",
  };
  const options = Object.entries(account).map(([name, value]) => `--${name}=${value}`);
  const secrets = { REFRESH_TOKEN: "r".repeat(40), PASSWORD: "p".repeat(40) };
  const gen = ["oidc-gen", "--flow=refresh", "--confirm-default", ...options, "work"];
  await tell(gen, { ...environment, ...secrets });
  note(
    `\`oidc-token\` is ${/[\d.]+/.exec(said.stdout)?.[0]}; its daemon has the token in memory`,
  );
  return [{ name: "oidc-token", command: ["oidc-token", "work"], environment, answer: token }];
}

/** Resolves when the socket exists. The agent's output is buffered and comes later. */
async function startAgent(
  environment: Readonly<Record<string, string>>,
  socket: string,
  { cleanups }: Field,
): Promise<void> {
  const agent = new Deno.Command("oidc-agent", {
    args: ["--console", `--socket-path=${socket}`],
    clearEnv: true,
    env: { ...environment },
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  cleanups.defer(async () => {
    agent.kill();
    await agent.status;
  });
  for (let tries = 0; !await Deno.lstat(socket).then(() => true, () => false); tries++) {
    if (tries > 100) throw new Error("oidc-agent does not start");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** A provider that issues one token during the run. The agent accepts it without TLS. */
function startIssuer({ cleanups }: Field): string {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => {
      const { origin, pathname } = new URL(request.url);
      return Response.json(pathname === "/token" ? grant : metadata(origin));
    },
  );
  cleanups.defer(() => server.shutdown());
  return `http://127.0.0.1:${server.addr.port}`;
}

const grant = {
  access_token: token,
  refresh_token: "r".repeat(40),
  token_type: "Bearer",
  expires_in: 86_400,
};

function metadata(issuer: string): Record<string, unknown> {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    scopes_supported: ["openid", "offline_access"],
    grant_types_supported: ["authorization_code", "refresh_token"],
  };
}
