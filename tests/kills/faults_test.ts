/** A disk fails, is full or becomes read-only at any file-changing call of a command. */
import assert from "node:assert/strict";
import { makeTemporaryDirectory } from "../fakes/machine/temporary_directory.ts";
import type { StoreName } from "../interop/login/login_home.ts";
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

/** The errno(3) of a disk error, and Deno's message for it. */
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
/** Upper limit of the calls of a command. */
const most = 100;
/** Slow campaigns: a normal test run injects a fault at every sixth call, in the others at every second. */
const long: readonly Campaign[] = [move, migrate, connectDocker, lease];
const isAll = Deno.env.get("FOB_FAULTS") === "all";

for (const campaign of [login, refresh, logout, move, migrate, connectDocker, lease]) {
  // With a keyring, fob still writes profiles, notes and locks to files.
  for (const storeName of isAll ? campaign.stores : campaign.stores.slice(0, 1)) {
    // The rig "keychain" provides the C compiler.
    const needs = ["keychain", ...storeName === "Secret Service" ? ["keyring"] : []];
    Deno.test({
      name:
        `${campaign.name}, ${storeName}: a failing, full or read-only disk loses no login and is reported`,
      ignore: [...needs, ...campaign.needs].some((rig) => missing.includes(rig)),
      fn: () => breakEach(campaign, storeName),
    });
  }
}

/**
 * Injects faults at calls at equal distances, with one disk error each, in turn. With FOB_FAULTS=all,
 * every call gets every error twice, because some commands behave differently every second time.
 */
async function breakEach(campaign: Campaign, storeName: StoreName): Promise<void> {
  const stride = isAll ? 1 : long.includes(campaign) ? 6 : 2;
  await using directory = await makeTemporaryDirectory();
  const library = await buildFailingCalls(directory.path);
  await using arena = await campaign.open(storeName);
  let cases = 0;
  for (let at = 1, isBroken = true; isBroken; at += stride) {
    assert.ok(at < most, "the command makes too many calls");
    const chosen = isAll ? [...disks, ...disks] : [disks[cases % disks.length] ?? assert.fail()];
    const broken = [];
    for (const disk of chosen) broken.push(await breakOne(arena, library, at, disk));
    isBroken = broken.includes(true);
    cases += broken.filter(Boolean).length;
  }
  assert.ok(cases > 0, "no fault was injected");
  if (isAll) console.log(`${campaign.name}, ${storeName}: ${cases} calls broken`);
}

/** Whether the command came to the call with the number `at`. */
async function breakOne(
  arena: Arena,
  library: string,
  at: number,
  { errno, says }: Disk,
): Promise<boolean> {
  const what = `call ${at}, errno ${errno}`;
  // fob writes only to hidden folders. Its check for symbolic links elsewhere is not relevant.
  const fault = { AT: at, BELOW: `${arena.home.directory}/.`, ERRNO: errno };
  const ending = await runBroken(arena, library, fault);
  try {
    await arena.check(ending);
    if (ending.code !== 0) assertReported(ending, says);
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

/** Asserts that the error names the disk error and a file, with the exit code of a system or store error. */
function assertReported({ code, stdout, stderr }: Ending, says: string): void {
  assert.ok([1, 5].includes(code), `fob exited with ${code}`);
  assert.equal(stdout, "");
  const reported = stderr.split("\n").filter((line) => line.startsWith("fob: ")).join("\n");
  assert.ok(reported.includes(says));
  assert.match(reported, /"\/[^"]+"|lock file|lease journal/);
}
