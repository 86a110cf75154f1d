import { startAuthorizationServer } from "../fakes/authorization_server.ts";
import type { AuthorizationServer } from "../fakes/authorization_server.ts";
import { type Endpoint, endpoints } from "../fakes/endpoints.ts";
import { isFault } from "../fakes/fault.ts";
import type { Script } from "./script.ts";
import { fits, numberOf, type Verb } from "./verb.ts";

/** The authorization server that a script signs in at. */
export const serverVerbs: Readonly<Record<string, Verb>> = {
  server: {
    usage: "server start|stop|CONTROL [ARG…]",
    run: async (script, [control = "", ...args]) => {
      const verb = controls[control];
      if (verb === undefined) {
        throw new Error(`Unknown control "${control}": ${Object.keys(controls).join(", ")}`);
      }
      if (!fits(verb, args)) throw new Error(`Usage: server ${verb.usage}`);
      await verb.run(script, args);
    },
  },
  requests: {
    usage: "requests GRANT|ENDPOINT COUNT",
    run: (script, [name = "", count = ""]) => {
      const found = script.startedServer().count(name);
      return { holds: found === numberOf(count), detail: `there were ${found}` };
    },
  },
};

const controls: Readonly<Record<string, Verb>> = {
  start: { usage: "start", run: start },
  stop: { usage: "stop", run: stop },
  lifetime: control("lifetime SECONDS", (server, [n = ""]) => server.lifetime(numberOf(n))),
  fault: control("fault ENDPOINT KIND|none [TIMES]", fault),
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

function control(
  usage: string,
  act: (server: AuthorizationServer, args: readonly string[]) => Promise<void> | void,
): Verb {
  return { usage, run: (script, args) => act(script.startedServer(), args) };
}

async function start(script: Script): Promise<void> {
  if (script.server !== undefined) throw new Error("The server runs already");
  script.server = await startAuthorizationServer();
  script.cleanups.push(() => stop(script));
}

async function stop(script: Script): Promise<void> {
  await script.server?.close();
  script.server = undefined;
}

async function fault(
  server: AuthorizationServer,
  [name = "", kind = "", times = "Infinity"]: readonly string[],
): Promise<void> {
  const endpoint = endpoints.find((known): known is Endpoint => known === name);
  if (endpoint === undefined) {
    throw new Error(`Unknown endpoint "${name}": ${endpoints.join(", ")}`);
  }
  if (kind !== "none" && !isFault(kind)) throw new Error(`Unknown fault "${kind}"`);
  await server.fault(endpoint, kind === "none" ? undefined : kind, Number(times));
}
