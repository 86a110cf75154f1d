/** A disk that breaks, is full or may no longer be written, from any call of a command on that changes a file. */
import assert from "node:assert/strict";
import { makeTemporaryDirectory } from "../fakes/machine/temporary_directory.ts";
import type { Keeping } from "../interop/login/login_home.ts";
import { missingRigs } from "../rigs/rigs.ts";
import type { Arena, Campaign, Ending } from "./campaign.ts";
import { connectDocker } from "./connect.ts";
import { buildFailingCalls, runBroken } from "./faults.ts";
import { lease } from "./lease.ts";
import { login } from "./login.ts";
import { logout } from "./logout.ts";
import { migrate } from "./migrate.ts";
import { move } from "./move.ts";
import { refresh } from "./refresh.ts";

/** What a disk refuses with, errno(3), and how Deno tells that. */
interface Disk {
  readonly errno: number;
  readonly says: string;
}

const disks: readonly Disk[] = [
  { errno: 5, says: "Input/output error (os error 5)" },
  { errno: 28, says: "No space left on device (os error 28)" },
  { errno: 30, says: "Read-only file system (os error 30)" },
];
const missing = await missingRigs();
/** More calls than a command makes. */
const most = 100;
/** Those with so many calls, or so much to check, that the suite breaks every sixth of them, and else every second. */
const long: readonly Campaign[] = [move, migrate, connectDocker, lease];
const isAll = Deno.env.get("FOB_FAULTS") === "all";

for (const campaign of [login, refresh, logout, move, migrate, connectDocker, lease]) {
  // What is kept in a keyring has a profile, notes and locks in files all the same.
  for (const keeping of isAll ? campaign.stores : campaign.stores.slice(0, 1)) {
    // The compiler is that of the macOS frameworks' double.
    const needs = ["keychain", ...keeping === "Secret Service" ? ["keyring"] : []];
    Deno.test({
      name:
        `${campaign.name}, ${keeping}: a disk that breaks, is full or read-only loses nothing, and is told`,
      ignore: [...needs, ...campaign.needs].some((rig) => missing.includes(rig)),
      fn: () => breakEach(campaign, keeping),
    });
  }
}

/**
 * Calls at equal distances, with the disks in turn; where all is asked for every call with every disk, twice: every
 * second time some commands find something else.
 */
async function breakEach(campaign: Campaign, keeping: Keeping): Promise<void> {
  const stride = isAll ? 1 : long.includes(campaign) ? 6 : 2;
  await using directory = await makeTemporaryDirectory();
  const library = await buildFailingCalls(directory.path);
  await using arena = await campaign.open(keeping);
  let cases = 0;
  for (let at = 1, isBroken = true; isBroken; at += stride) {
    assert.ok(at < most, "it does not end");
    const chosen = isAll ? [...disks, ...disks] : [disks[cases % disks.length] ?? assert.fail()];
    const broken = [];
    for (const disk of chosen) broken.push(await breakOne(arena, library, at, disk));
    isBroken = broken.includes(true);
    cases += broken.filter(Boolean).length;
  }
  assert.ok(cases > 0, "nothing was written");
  if (isAll) console.log(`${campaign.name}, ${keeping}: ${cases} calls broken`);
}

/** Whether the command came to the call with the number `at`. */
async function breakOne(
  arena: Arena,
  library: string,
  at: number,
  { errno, says }: Disk,
): Promise<boolean> {
  const what = `call ${at}, errno ${errno}`;
  // All that fob writes is in hidden folders; where it tries whether it may make a link is no loss.
  const fault = { AT: at, BELOW: `${arena.home.directory}/.`, ERRNO: errno };
  const ending = await runBroken(arena, library, fault);
  try {
    await arena.check(ending);
    if (ending.code !== 0) assertTold(ending, says);
    assert.ok(ending.isBroken || ending.code === 0, ending.stderr);
    await arena.finish();
  } catch (error) {
    if (isAll) {
      console.log(what, String(error).slice(0, 600), ending);
      return ending.isBroken;
    }
    throw new Error(`${what}: ${ending.stderr}`, { cause: error });
  }
  return ending.isBroken;
}

/** The exit codes are those of what is refused by the system, and by a store. */
function assertTold({ code, stdout, stderr }: Ending, says: string): void {
  assert.ok([1, 5].includes(code), `fob ended with ${code}`);
  assert.equal(stdout, "");
  const told = stderr.split("\n").filter((line) => line.startsWith("fob: ")).join("\n");
  assert.ok(told.includes(says));
  assert.match(told, /"\/[^"]+"|lock file|note /);
}
