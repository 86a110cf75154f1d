import assert from "node:assert/strict";
import fc from "fast-check";
import { decode, encode, writeCredential } from "../../../src/credentials/envelope.ts";
import { migratePlaintext, type MigrationNeeds } from "../../../src/credentials/leave_plaintext.ts";
import { Secret } from "../../../src/secret.ts";
import { FallbackStore } from "../../../src/stores/fallback_store.ts";
import { FakeClock } from "../../fakes/machine/clock.ts";
import { MemoryLocks } from "../../fakes/machine/memory_locks.ts";
import { MemoryUserFile } from "../../fakes/machine/memory_user_file.ts";
import { loginWith, noon, pasted, revealed, tokensOf } from "../../fakes/stores/credentials.ts";
import {
  assertForeseen,
  type CutOff,
  CutOffStore,
  Steps,
} from "../../fakes/stores/cut_off_store.ts";

/** A user file with `scrub` as a step that can be interrupted. */
class CutOffUserFile extends MemoryUserFile {
  steps = new Steps();

  override scrub(edit: (text: string) => string): Promise<void> {
    return this.steps.take(() => super.scrub(edit));
  }
}

class Machine implements MigrationNeeds {
  readonly keychain = new CutOffStore();
  readonly file = new CutOffStore();
  readonly notices: string[] = [];
  readonly notice = (text: string): void => void this.notices.push(text);
  readonly store = new FallbackStore(this);
  readonly locks = new MemoryLocks();
  readonly clock = new FakeClock(noon);
  readonly uninterrupted = <T>(work: () => Promise<T>): Promise<T> => work();
  readonly profileFile: CutOffUserFile;

  constructor(profiles = "") {
    this.profileFile = new CutOffUserFile(profiles);
  }

  set steps(steps: Steps) {
    this.keychain.steps = this.file.steps = this.profileFile.steps = steps;
  }

  state(): unknown[] {
    const { text, backup } = this.profileFile;
    const contents = [this.keychain, this.file].map((store) => [...store.contents()].sort());
    return [text, backup, ...contents];
  }

  has(secret: string): boolean {
    return JSON.stringify(this.state()).includes(secret);
  }
}

async function keptIn(machine: Machine, account: string): Promise<unknown> {
  const secret = await machine.keychain.get(account);
  return secret && revealed(decode(secret, account));
}

Deno.test("the entries of the file move to the keychain, with one notice", async () => {
  const machine = new Machine();
  for (const account of ["oidc:a", "token:b"]) {
    await writeCredential(account, loginWith(tokensOf(1)), machine.file);
  }
  await migratePlaintext(machine);
  assert.deepEqual(await machine.keychain.list(), ["oidc:a", "token:b"]);
  assert.deepEqual(await machine.file.list(), []);
  assert.deepEqual(machine.notices, ['Moved the logins "a", "b" from "memory" to memory']);
  await migratePlaintext(machine);
  assert.equal(machine.notices.length, 1);
});

Deno.test("a token in the profile file becomes a pasted token for the host of its profile", async () => {
  const machine = new Machine("[work]\nhost = https://api.example\ntoken = abc\n");
  machine.profileFile.backup = "[work]\ntoken = abc\n";
  await migratePlaintext(machine);
  assert.deepEqual(await keptIn(machine, "oidc:work"), {
    kind: "pat",
    host: "https://api.example",
    token: "abc",
    obtainedAt: noon,
  });
  assert.equal(machine.profileFile.text, "[work]\nhost = https://api.example\n");
  assert.equal(machine.profileFile.backup, "[work]\n");
});

Deno.test("a token in the profile file never replaces a stored login", async () => {
  const login = encode(pasted);
  const newer = new Secret('{"v":9}');
  for (
    const [place, kept] of [["keychain", login], ["file", login], ["keychain", newer]] as const
  ) {
    const machine = new Machine("[work]\ntoken = abc\n");
    await machine[place].set("oidc:work", kept);
    await migratePlaintext(machine);
    assert.equal((await machine.keychain.get("oidc:work"))?.reveal(), kept.reveal());
    assert.equal(machine.profileFile.text, "[work]\ntoken = abc\n");
    assert.match(machine.notices.at(-1) ?? "", /not used: "\w+" is already signed in/);
  }
});

Deno.test("an invalid token stays in the profile file, and the notice does not contain it", async () => {
  const machine = new Machine('[work]\ntoken = "hunter 2"\n');
  await migratePlaintext(machine);
  assert.deepEqual(await machine.keychain.list(), []);
  assert.equal(machine.profileFile.writes, 0);
  assert.match(machine.notices.join(), /is not used: it contains spaces/);
  assert.doesNotMatch(machine.notices.join(), /hunter/);
});

Deno.test("a sign-out during the wait for the lock is not undone", async () => {
  const machine = new Machine("[work]\ntoken = abc\n");
  const { take } = machine.locks;
  machine.locks.take = async (name) => {
    machine.profileFile.text = "[work]\n";
    return await take.call(machine.locks, name);
  };
  await migratePlaintext(machine);
  assert.deepEqual(await machine.keychain.list(), []);
});

Deno.test("a store failure is a notice, not an error of the command", async () => {
  const machine = new Machine("[work]\ntoken = abc\n");
  await writeCredential("oidc:a", pasted, machine.file);
  machine.keychain.failure = "store_timeout";
  await migratePlaintext(machine);
  assert.equal(machine.notices.length, 2);
  assert.match(
    machine.notices[0] ?? "",
    /^Could not move the plaintext credentials in "memory" to the keychain: /,
  );
  assert.deepEqual(await machine.file.list(), ["oidc:a"]);
  assert.equal(machine.profileFile.text, "[work]\ntoken = abc\n");
});

Deno.test("a credential that another process uses stays for the next command, without a notice", async () => {
  const machine = new Machine();
  await writeCredential("oidc:a", pasted, machine.file);
  machine.locks.failure = "lock_timeout";
  await migratePlaintext(machine);
  assert.deepEqual([await machine.file.list(), machine.notices], [["oidc:a"], []]);
});

Deno.test("an interrupt of the migration interrupts the command", async () => {
  const machine = new Machine();
  await writeCredential("oidc:a", pasted, machine.file);
  machine.locks.failure = "interrupted";
  await assert.rejects(migratePlaintext(machine), { code: "interrupted" });
});

const profileText = "; mine\n[a]\ntoken = abc-a\n[b]\naccess_token=abc-b\n[c]\nhost = x\n";
const turns = fc.dictionary(fc.constantFrom("oidc:a", "oidc:b", "oidc:c"), fc.nat(3));
const cut = fc.tuple(fc.nat(25), fc.constantFrom<CutOff>("before", "after"));

/** A machine with logins of the given ages in the file and in the keychain, and tokens in the profile file. */
async function machineOf(
  inFile: Readonly<Record<string, number>>,
  inKeychain: Readonly<Record<string, number>>,
): Promise<Machine> {
  const machine = new Machine(profileText);
  machine.profileFile.backup = profileText;
  for (const [store, ages] of [[machine.file, inFile], [machine.keychain, inKeychain]] as const) {
    for (const [account, age] of Object.entries(ages)) {
      const login = loginWith(tokensOf(age, { obtainedAt: noon + age }));
      await store.set(account, encode(login));
    }
  }
  return machine;
}

Deno.test("property: an interrupted and repeated migration ends like an uninterrupted one", async () => {
  await fc.assert(fc.asyncProperty(
    turns,
    turns,
    fc.array(cut, { maxLength: 3 }),
    async (inFile, inKeychain, cuts) => {
      const uninterrupted = await machineOf(inFile, inKeychain);
      await migratePlaintext(uninterrupted);
      const machine = await machineOf(inFile, inKeychain);
      for (const [left, cutOff] of cuts) {
        machine.steps = new Steps(left, cutOff);
        await migratePlaintext(machine).catch(assertForeseen);
      }
      machine.steps = new Steps();
      await migratePlaintext(machine);
      assert.deepEqual(machine.state(), uninterrupted.state());
    },
  ));
});

Deno.test("property: at every step, each token is in the profile file or in the keychain", async () => {
  await fc.assert(
    fc.asyncProperty(turns, turns, cut, async (inFile, inKeychain, [left, cutOff]) => {
      const machine = await machineOf(inFile, inKeychain);
      const watch = (): void => {
        for (const secret of ["abc-a", "abc-b"]) {
          assert.ok(machine.has(secret), `${secret} is lost`);
        }
      };
      machine.steps = new Steps(left, cutOff, watch);
      await migratePlaintext(machine).catch(assertForeseen);
    }),
  );
});
