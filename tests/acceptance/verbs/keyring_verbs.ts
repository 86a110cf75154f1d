import { type KeyringState, type Session, startSession } from "../../rigs/keyring.ts";
import type { Script } from "../runner/script.ts";
import { type Verb, verbOf } from "./verb.ts";

const controls: Readonly<Record<string, Verb>> = {
  start: { usage: "start STATE", run: start },
  lock: { usage: "lock", run: (script) => runningSession(script).lock() },
  freeze: { usage: "freeze", run: (script) => runningSession(script).freeze() },
  thaw: { usage: "thaw", run: (script) => runningSession(script).thaw() },
  stop: { usage: "stop", run: stop },
};

/** Controls of the login session with a keyring. Without one, fob finds no bus. */
export const keyringVerbs: Readonly<Record<string, Verb>> = {
  keyring: verbOf("keyring", "start|lock|freeze|thaw|stop [STATE]", controls),
};

const states: readonly string[] = [
  "unlocked",
  "locked",
  "no-default-collection",
  "no-provider",
  "dead-socket",
  "no-bus",
] satisfies KeyringState[];

async function start(script: Script, [state = ""]: readonly string[]): Promise<void> {
  if (script.session !== undefined) throw new Error("A session has already been started");
  if (!isState(state)) throw new Error(`Unknown state "${state}" (valid: ${states.join(", ")})`);
  script.session = await startSession(state);
  script.cleanups.push(() => stop(script));
  for (const name of ["DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR"]) {
    const value = script.session.environment[name];
    if (value !== undefined) script.env.set(name, value);
  }
}

function isState(word: string): word is KeyringState {
  return states.includes(word);
}

/** Ends the session. The script then has no bus, as before the start. */
async function stop(script: Script): Promise<void> {
  await script.session?.[Symbol.asyncDispose]();
  script.session = undefined;
  script.env.delete("DBUS_SESSION_BUS_ADDRESS");
  script.env.set("XDG_RUNTIME_DIR", `${script.work}/run`);
}

function runningSession({ session }: Script): Session {
  if (session === undefined) throw new Error("No session has been started");
  return session;
}
