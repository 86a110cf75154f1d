/** A message bus that dies, and a keyring that answers nothing more, from any message of a command on. */
import assert from "node:assert/strict";
import { makeTemporaryDirectory } from "../fakes/machine/temporary_directory.ts";
import type { Keeping } from "../interop/login/login_home.ts";
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

/** What becomes of the session at a message. */
interface Blow {
  readonly name: string;
  readonly signals: (pids: Session["pids"]) => Readonly<Record<string, number>>;
  /** Where the suite strikes, as parts of the messages that the command sends. */
  readonly parts: readonly number[];
}

const blows: readonly Blow[] = [
  { name: "a bus that is killed", signals: ({ bus }) => ({ KILL: bus }), parts: [0.3, 0.37, 0.76] },
  {
    name: "a bus that is killed before the keyring's answer",
    signals: ({ bus, keyring }) => ({ KILL: bus, STOP: keyring }),
    parts: [0.6, 0.95],
  },
  {
    name: "a keyring that is frozen",
    signals: ({ keyring }) => ({ STOP: keyring }),
    parts: [0.45],
  },
];

/** Commands with the place that they begin at, and about how many messages they send. */
const commands: readonly (readonly [Campaign, Keeping, number])[] = [
  [login, "Secret Service", 77],
  [refresh, "Secret Service", 87],
  [logout, "Secret Service", 37],
  [move, "plaintext file", 197],
  [move, "Secret Service", 153],
  [migrate, "Secret Service", 130],
  [lease, "Secret Service", 53],
];

/** More messages than a command sends. */
const most = 400;
/** How many are struck at a time, where all are. */
const lanes = 8;
/** Milliseconds within which a command has ended: twice the limit of an answer, and more on a busy machine. */
const endLimit = 30_000;
const isAll = Deno.env.get("FOB_FAULTS") === "all";
const missing = await missingRigs();

for (const blow of blows) {
  Deno.test({
    name: `${blow.name} in the middle of a command loses nothing, and is told`,
    ignore: ["keyring", "keychain"].some((rig) => missing.includes(rig)),
    fn: () => strikeAll(blow),
  });
}

async function strikeAll(blow: Blow): Promise<void> {
  const failures: string[] = [];
  let count = 0;
  const run = async (
    [campaign, keeping]: readonly [Campaign, Keeping, number],
    messages: Iterable<number>,
  ): Promise<void> => {
    const struck = await strikeEach(campaign, keeping, blow, messages, failures);
    count += struck;
  };
  if (isAll) {
    for (const command of commands) {
      const messages = Array.from({ length: most }, (_, i) => i + 1).values();
      await Promise.all(Array.from({ length: lanes }, () => run(command, messages)));
      console.log(`${blow.name}, ${command[0].name} from the ${command[1]}: ${count} by now`);
    }
  } else {
    await Promise.all(
      commands.map((it) => run(it, blow.parts.map((part) => Math.round(it[2] * part)))),
    );
  }
  assert.deepEqual(failures, []);
  assert.ok(count > 0, "nothing was struck");
}

/** Strikes at each of `messages`, until the command sends no more; how often it has struck. */
async function strikeEach(
  { open }: Campaign,
  keeping: Keeping,
  blow: Blow,
  messages: Iterable<number>,
  failures: string[],
): Promise<number> {
  await using directory = await makeTemporaryDirectory();
  const library = await buildFailingCalls(directory.path);
  await using arena = await open(keeping);
  const session = arena.home.session ?? assert.fail();
  let count = 0;
  for (const at of messages) {
    const signals = blow.signals(session.pids);
    const fault = { AT: at, BELOW: session.environment["HOME"] ?? "", ...signals };
    const began = performance.now();
    const ending = await runBroken(arena, library, fault);
    const duration = performance.now() - began;
    await mend(arena.home, "KILL" in signals);
    try {
      assert.ok(duration < endLimit, `it took ${Math.round(duration)} ms`);
      await arena.check(ending);
      if (ending.code !== 0) assertTold(ending);
      await arena.finish();
    } catch (error) {
      failures.push(
        `${arena.constructor.name}, ${keeping}, message ${at}: ${error}\n${ending.stderr}`,
      );
    }
    if (!ending.isBroken) break;
    count++;
  }
  return count;
}

/** The session as it was, with what the keyring has kept. */
async function mend({ session, store }: ArenaHome, isKilled: boolean): Promise<void> {
  if (!isKilled) return session?.thaw();
  await session?.restart();
  if (store instanceof RemoteStore) await store.renew();
}

/** It is told of the keyring or the bus, and never that there is no login, or none of a good one. */
function assertTold({ code, stdout, stderr }: Ending): void {
  assert.equal(code, 5);
  assert.equal(stdout, "");
  const told = stderr.split("\n").filter((line) => line.startsWith("fob: ")).join("\n");
  assert.match(told, /the keyring|D-Bus session bus/i);
  assert.doesNotMatch(told, /is locked|no default collection|signed in/i);
}
