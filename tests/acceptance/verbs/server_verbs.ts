import { startAuthorizationServer } from "../../fakes/servers/authorization_server.ts";
import type { AuthorizationServer } from "../../fakes/servers/authorization_server.ts";
import { endpoints } from "../../fakes/servers/endpoints.ts";
import type { Script } from "../runner/script.ts";
import { faultOf, numberOf, type Verb, verbOf } from "./verb.ts";

const controls: Readonly<Record<string, Verb>> = {
  start: { usage: "start", run: start },
  stop: { usage: "stop", run: stop },
  lifetime: control("lifetime SECONDS", (server, [n = ""]) => server.lifetime(numberOf(n))),
  fault: control(
    "fault ENDPOINT KIND|none [TIMES]",
    (server, args) => server.fault(...faultOf(endpoints, args)),
  ),
  clock: control("clock SECONDS", (server, [n = ""]) => server.clock(numberOf(n))),
  "claim-issuer": control("claim-issuer URL", (server, [url]) => server.claimIssuer(url)),
  deny: control("deny", (server) => server.deny()),
  "device-approve-after": control(
    "device-approve-after POLLS",
    (server, [n = ""]) => server.deviceApproveAfter(numberOf(n)),
  ),
  delay: control("delay MILLISECONDS", (server, [n = ""]) => server.delayToken(numberOf(n))),
  "revoke-all": control("revoke-all", (server) => server.revokeAll()),
};

/** Controls of a fake authorization server. */
export const serverVerbs: Readonly<Record<string, Verb>> = {
  server: verbOf("server", "start|stop|CONTROL [ARG…]", controls),
  requests: {
    usage: "requests GRANT|ENDPOINT COUNT",
    run: (script, [name = "", count = ""]) => {
      const found = script.startedServer().count(name);
      return { holds: found === numberOf(count), detail: `there were ${found}` };
    },
  },
};

function control(
  usage: string,
  act: (server: AuthorizationServer, args: readonly string[]) => Promise<void> | void,
): Verb {
  return { usage, run: (script, args) => act(script.startedServer(), args) };
}

async function start(script: Script): Promise<void> {
  if (script.server !== undefined) throw new Error("A server has already been started");
  script.server = await startAuthorizationServer();
  script.cleanups.push(() => stop(script));
}

async function stop(script: Script): Promise<void> {
  await script.server?.close();
  script.server = undefined;
}
