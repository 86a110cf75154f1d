/** A message bus is killed, or a keyring stops responding, at any message of a command. */
import assert from "node:assert/strict";
import { makeTemporaryDirectory } from "../fakes/machine/temporary_directory.ts";
import type { StoreName } from "../interop/login/login_home.ts";
import type { Session } from "../rigs/keyring.ts";
import { RemoteStore } from "../rigs/remote_store.ts";
import { missingRigs } from "../rigs/rigs.ts";
import type { ArenaHome, Campaign, Ending } from "./campaign.ts";
import { buildFailingCalls, runBroken } from "./faults.ts";
import { lease } from "./lease.ts";
import { login } from "./login.ts";
import { logout } from "./logout.ts";
import { migrate } from "./migrate.ts";
import { move } from "./move.ts";
import { refresh } from "./refresh.ts";

/** A fault of the session at a message. */
interface SessionFault {
  readonly name: string;
  readonly signals: (pids: Session["pids"]) => Readonly<Record<string, number>>;
  /** Positions of the fault in a normal test run, as fractions of the messages that the command sends. */
  readonly parts: readonly number[];
}

const sessionFaults: readonly SessionFault[] = [
  { name: "a bus that is killed", signals: ({ bus }) => ({ KILL: bus }), parts: [0.3, 0.37, 0.76] },
  {
    name: "a bus that is killed before the keyring responds",
    signals: ({ bus, keyring }) => ({ KILL: bus, STOP: keyring }),
    parts: [0.6, 0.95],
  },
  {
    name: "a keyring that is frozen",
    signals: ({ keyring }) => ({ STOP: keyring }),
    parts: [0.45],
  },
];

/** Campaigns with their store and the approximate number of messages that they send. */
const commands: readonly (readonly [Campaign, StoreName, number])[] = [
  [login, "Secret Service", 77],
  [refresh, "Secret Service", 87],
  [logout, "Secret Service", 37],
  [move, "plaintext file", 197],
  [move, "Secret Service", 153],
  [migrate, "Secret Service", 130],
  [lease, "Secret Service", 53],
];

/** Upper limit of the messages of a command. */
const most = 400;
/** Parallel runs with FOB_FAULTS=all. */
const lanes = 8;
/** Time limit for a command in milliseconds: more than twice the time limit for a response. */
const endLimit = 30_000;
const isAll = Deno.env.get("FOB_FAULTS") === "all";
const missing = await missingRigs();

for (const fault of sessionFaults) {
  Deno.test({
    name: `${fault.name} during a command loses no login and is reported`,
    ignore: ["keyring", "keychain"].some((rig) => missing.includes(rig)),
    fn: () => injectAll(fault),
  });
}

async function injectAll(fault: SessionFault): Promise<void> {
  const failures: string[] = [];
  let count = 0;
  const run = async (
    [campaign, storeName]: readonly [Campaign, StoreName, number],
    messages: Iterable<number>,
  ): Promise<void> => {
    const injected = await injectEach(campaign, storeName, fault, messages, failures);
    count += injected;
  };
  if (isAll) {
    for (const command of commands) {
      const messages = Array.from({ length: most }, (_, i) => i + 1).values();
      await Promise.all(Array.from({ length: lanes }, () => run(command, messages)));
      console.log(`${fault.name}, ${command[0].name} from the ${command[1]}: ${count} by now`);
    }
  } else {
    await Promise.all(
      commands.map((it) => run(it, fault.parts.map((part) => Math.round(it[2] * part)))),
    );
  }
  assert.deepEqual(failures, []);
  assert.ok(count > 0, "no fault was injected");
}

/** Injects the fault at each of `messages`, until the command sends no more. Returns the number of faults. */
async function injectEach(
  { open }: Campaign,
  storeName: StoreName,
  fault: SessionFault,
  messages: Iterable<number>,
  failures: string[],
): Promise<number> {
  await using directory = await makeTemporaryDirectory();
  const library = await buildFailingCalls(directory.path);
  await using arena = await open(storeName);
  const session = arena.home.session ?? assert.fail();
  let count = 0;
  for (const at of messages) {
    const signals = fault.signals(session.pids);
    const call = { AT: at, BELOW: session.environment["HOME"] ?? "", ...signals };
    const began = performance.now();
    const ending = await runBroken(arena, library, call);
    const duration = performance.now() - began;
    await mend(arena.home, "KILL" in signals);
    try {
      assert.ok(duration < endLimit, `it took ${Math.round(duration)} ms`);
      await arena.check(ending);
      if (ending.code !== 0) assertReported(ending);
      await arena.finish();
    } catch (error) {
      failures.push(
        `${arena.constructor.name}, ${storeName}, message ${at}: ${error}\n${ending.stderr}`,
      );
    }
    if (!ending.isBroken) break;
    count++;
  }
  return count;
}

/** Restores the session, with the content of the keyring. */
async function mend({ session, store }: ArenaHome, isKilled: boolean): Promise<void> {
  if (!isKilled) return session?.thaw();
  await session?.restart();
  if (store instanceof RemoteStore) await store.renew();
}

/** Asserts that the error is about the keyring or the bus, not about a missing login. */
function assertReported({ code, stdout, stderr }: Ending): void {
  assert.equal(code, 5);
  assert.equal(stdout, "");
  const reported = stderr.split("\n").filter((line) => line.startsWith("fob: ")).join("\n");
  assert.match(reported, /the keyring|D-Bus session bus/i);
  assert.doesNotMatch(reported, /is locked|no default collection|signed in/i);
}
