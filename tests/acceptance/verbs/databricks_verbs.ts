import { fitCluster } from "../../fakes/servers/databricks_api.ts";
import { databricksRoutes, hostTypes } from "../../fakes/servers/databricks_host.ts";
import { DatabricksServer } from "../../fakes/servers/databricks_server.ts";
import { rotations } from "../../fakes/servers/token_families.ts";
import type { Script } from "../runner/script.ts";
import { faultOf, type Finding, numberOf, type Verb, verbOf } from "./verb.ts";

const controls: Readonly<Record<string, Verb>> = {
  start: { usage: "start [workspace|account|unified]", run: start },
  stop: { usage: "stop", run: stop },
  fault: control(
    "fault ROUTE KIND|none [TIMES]",
    (server, args) => server.fault(...faultOf(databricksRoutes, args)),
  ),
  clock: control("clock SECONDS", (server, [n = ""]) => server.clock(numberOf(n))),
  lifetime: control("lifetime SECONDS", (server, [n = ""]) => server.lifetime(numberOf(n))),
  "lifetime-text": control("lifetime-text", (server) => {
    server.isLifetimeText = true;
  }),
  jwt: control("jwt", (server) => server.writeJwts()),
  rotation: control(
    "rotation revoke|rotate|keep",
    (server, [word]) => server.rotate(oneOf(rotations, word)),
  ),
  delay: control("delay MILLISECONDS", (server, [n = ""]) => {
    server.tokenDelay = numberOf(n);
  }),
  deny: control("deny", (server) => server.deny()),
  expire: control("expire", (server) => server.expireTokens()),
  "revoke-all": control("revoke-all", (server) => server.revokeAll()),
  adopt: control(
    "adopt REFRESH_TOKEN [SCOPE]",
    (server, [token = "", scope], { secrets }) => {
      secrets.add({ text: token, isHidden: true });
      server.adopt(token, scope);
    },
  ),
  pat: control(
    "pat VALUE [LIFETIME] [COMMENT]",
    (server, [value = "", lifetime = "3600", comment = ""], { secrets }) => {
      secrets.add({ text: value, isHidden: false });
      server.addToken({ lifetime: numberOf(lifetime), comment }, value);
    },
  ),
  quota: control("quota COUNT", (server, [n = ""]) => server.setQuota(numberOf(n))),
  clusters: control("clusters [ID…]", (server, ids) => {
    server.clusters = ids.map((id) => fitCluster(id));
  }),
  app: control(
    "app NAME CREATOR",
    (server, [name = "", creator = ""]) => server.addApp(name, creator),
  ),
  principal: control(
    "principal CLIENT_ID SECRET",
    (server, [id = "", secret = ""], { secrets }) => {
      secrets.add({ text: secret, isHidden: true });
      server.addServicePrincipal(id, secret);
    },
  ),
  trust: control(
    "trust SUBJECT_TOKEN [CLIENT_ID]",
    (server, [token = "", id], { secrets }) => {
      secrets.add({ text: token, isHidden: true });
      server.trust(token, id);
    },
  ),
  requests: check("requests GRANT|ROUTE COUNT", (server, name) => server.count(name)),
  attempts: check(
    "attempts GRANT|ROUTE|any COUNT",
    ({ requests }, name) =>
      requests.filter((it) => name === "any" || (it.grant ?? it.route) === name).length,
  ),
  "live-tokens": check(
    "live-tokens COMMENT_RE COUNT",
    (server, re) => server.liveTokens().filter((it) => new RegExp(re).test(it.info.comment)).length,
  ),
};

/** Controls of a fake Databricks host. `$HOST` is its address. */
export const databricksVerbs: Readonly<Record<string, Verb>> = {
  databricks: verbOf("databricks", "start|stop|CONTROL [ARG…]", controls),
};

function control(
  usage: string,
  act: (server: DatabricksServer, args: readonly string[], script: Script) => Promise<void> | void,
): Verb {
  return { usage, run: (script, args) => act(script.startedDatabricks(), args, script) };
}

/** Compares what `count` finds with the number that a script expects. */
function check(usage: string, count: (server: DatabricksServer, name: string) => number): Verb {
  const run = (script: Script, [name = "", expected = ""]: readonly string[]): Finding => {
    const found = count(script.startedDatabricks(), name);
    return { holds: found === numberOf(expected), detail: `there were ${found}` };
  };
  return { usage, run };
}

function start(script: Script, [type = "workspace"]: readonly string[]): void {
  if (script.databricks !== undefined) {
    throw new Error("A Databricks host has already been started");
  }
  script.databricks = new DatabricksServer({ type: oneOf(hostTypes, type) });
  script.cleanups.push(() => stop(script));
}

async function stop(script: Script): Promise<void> {
  await script.databricks?.close();
  script.databricks = undefined;
}

function oneOf<Word extends string>(words: readonly Word[], word: string | undefined): Word {
  const found = words.find((known) => known === word);
  if (found === undefined) throw new Error(`Unknown "${word}": ${words.join(", ")}`);
  return found;
}
