/** A disk that breaks: each write, fsync, rename and removal of a command fails with EIO, one at a time. */
import assert from "node:assert/strict";
import { makeTemporaryDirectory } from "../fakes/temporary_directory.ts";
import { missingRigs } from "../rigs/rigs.ts";
import type { Arena, Campaign, Ending } from "./campaign.ts";
import { connectDocker } from "./connect.ts";
import { lease } from "./lease.ts";
import { login } from "./login.ts";
import { logout } from "./logout.ts";
import { migrate } from "./migrate.ts";
import { move } from "./move.ts";
import { refresh } from "./refresh.ts";

const missing = await missingRigs();
/** More calls than a command makes. */
const most = 100;
/** Those with so many calls that the suite breaks every fourth, unless it is asked for all. */
const long: readonly Campaign[] = [move, migrate, lease];
const isAll = Deno.env.get("FOB_FAULTS") === "all";

for (const campaign of [login, refresh, logout, move, migrate, connectDocker, lease]) {
  Deno.test({
    name:
      `${campaign.name}: a write, fsync, rename or removal that fails loses nothing, and is told`,
    // The compiler is that of the macOS frameworks' double.
    ignore: ["keychain", ...campaign.needs].some((rig) => missing.includes(rig)),
    fn: () => breakEach(campaign, isAll || !long.includes(campaign) ? 1 : 4),
  });
}

async function breakEach({ open }: Campaign, stride: number): Promise<void> {
  await using directory = await makeTemporaryDirectory();
  const library = await build(directory.path);
  await using arena = await open("plaintext file");
  const mark = `${directory.path}/mark`;
  const first = 1 + Math.floor(Math.random() * stride);
  let at = first;
  while (await breakOne(arena, library, at, mark)) {
    at += stride;
    assert.ok(at < most, "it does not end");
  }
  assert.ok(at > first, "nothing was written");
}

/** Whether the command came to the call with the number `at`, which failed then. */
async function breakOne(
  arena: Arena,
  library: string,
  at: number,
  mark: string,
): Promise<boolean> {
  await arena.setUp();
  const variables = {
    LD_PRELOAD: library,
    // All that fob writes is in hidden folders; where it tries whether it may make a link is no loss.
    FOB_FAULT_BELOW: `${arena.directory}/.`,
    FOB_FAULT_AT: String(at),
    FOB_FAULT_MARK: mark,
  };
  const words = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  const ending = await arena.start(["env", ...words]).ending;
  const hasFailed = await Deno.remove(mark).then(() => true, () => false);
  await arena.check(ending);
  if (ending.code !== 0) assertTold(ending, at);
  assert.ok(hasFailed || ending.code === 0, ending.stderr);
  await arena.finish();
  return hasFailed;
}

/** The exit codes are those of what is refused by the system, and by a store. */
function assertTold({ code, stdout, stderr }: Ending, at: number): void {
  assert.ok([1, 5].includes(code), `call ${at}: fob ended with ${code}: ${stderr}`);
  assert.equal(stdout, "", `call ${at}`);
  assert.match(stderr, /^fob: .*Input\/output error \(os error 5\)/m, `call ${at}: ${stderr}`);
  assert.match(stderr, /^fob: .*"\/[^"]+"|lock file|note /m, `call ${at}`);
}

async function build(directory: string): Promise<string> {
  const library = `${directory}/failing_calls.so`;
  const source = `${import.meta.dirname}/../rigs/failing_calls.c`;
  const { success, stderr } = await new Deno.Command("gcc", {
    args: ["-Wall", "-Wextra", "-Werror", "-O1", "-fPIC", "-shared", "-o", library, source, "-ldl"],
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return library;
}
