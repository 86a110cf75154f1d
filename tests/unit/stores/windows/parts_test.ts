import assert from "node:assert/strict";
import fc from "fast-check";
import { type CredentialSet, maximumBlob } from "../../../../ffi/advapi32.ts";
import { FobError } from "../../../../src/errors.ts";
import { PartedCredentials } from "../../../../src/stores/windows/parts.ts";
import { SteppedCall } from "../../../fakes/machine/stepped_call.ts";
import { MemoryCredentials } from "../../../fakes/stores/memory_credentials.ts";

const account = "oidc:work";

/** A secret that repeats one name, so that a mixture of two is visible. */
function secretOf(name: string, size: number): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(name.repeat(Math.ceil(size / name.length)).slice(0, size));
}

function text(bytes: Uint8Array | undefined): string | undefined {
  return bytes && new TextDecoder().decode(bytes);
}

function open(set: CredentialSet): PartedCredentials {
  return new PartedCredentials(set, "fob");
}

function read(set: CredentialSet): string | undefined {
  return text(open(set).get(account));
}

for (const size of [0, 1, 2560, 2561, 5120, 5121, 20_000, 100_000]) {
  Deno.test(`a secret of ${size} bytes is read as written, and leaves no parts`, () => {
    const set = new MemoryCredentials();
    open(set).set(account, secretOf("old ", 30_000));
    open(set).set(account, secretOf("abc", size));
    assert.equal(read(set), text(secretOf("abc", size)));
    const parts = size <= maximumBlob ? 0 : Math.ceil(size / maximumBlob);
    assert.equal(set.targets().length, 1 + parts);
    assert.equal(open(set).delete(account), true);
    assert.deepEqual(set.targets(), []);
  });
}

Deno.test("a set that is killed after any native call leaves the old or the new secret, and the next one cleans up", () => {
  for (const [old, next] of [[20_000, 20_000], [20_000, 10], [10, 20_000]] as const) {
    let isDone = false;
    for (let calls = 0; !isDone; calls++) {
      const set = new MemoryCredentials();
      open(set).set(account, secretOf("old", old));
      const call = new SteppedCall(set, sets(`killed-${calls}`, secretOf("new", next)));
      call.finish(calls);
      isDone = call.isDone;
      const found = read(set);
      assert.ok(found === text(secretOf("old", old)) || found === text(secretOf("new", next)));
      open(set).set(account, secretOf("last", 3000));
      assert.equal(set.targets().length, 3, `killed after ${calls} calls`);
    }
  }
});

Deno.test("a delete that is killed after any native call leaves the secret or none, and the next one cleans up", () => {
  let isDone = false;
  for (let calls = 0; !isDone; calls++) {
    const set = new MemoryCredentials();
    open(set).set(account, secretOf("old", 20_000));
    const call = new SteppedCall(set, (set) => open(set).delete(account));
    call.finish(calls);
    isDone = call.isDone;
    const found = read(set);
    assert.ok(found === undefined || found === text(secretOf("old", 20_000)));
    assert.deepEqual(open(set).list(), found === undefined ? [] : [account]);
    open(set).delete(account);
    assert.deepEqual(set.targets(), [], `killed after ${calls} calls`);
  }
});

Deno.test("a get during which another process writes after any native call returns the new state", () => {
  for (const next of [secretOf("new", 20_000), secretOf("new", 10), undefined]) {
    let isDone = false;
    for (let calls = 0; !isDone; calls++) {
      const set = new MemoryCredentials();
      open(set).set(account, secretOf("old", 20_000));
      const reader = new SteppedCall(set, read);
      reader.finish(calls);
      isDone = reader.isDone;
      if (next === undefined) open(set).delete(account);
      else open(set).set(account, next);
      reader.finish();
      const old = text(secretOf("old", 20_000));
      assert.ok(reader.value === text(next) || isDone && reader.value === old, `${calls}`);
    }
  }
});

/** A repeatable `set`. */
function sets(id: string, secret: Uint8Array<ArrayBuffer>): (set: CredentialSet) => void {
  return (set) => {
    let count = 0;
    new PartedCredentials(set, "fob", () => `${id}-${count++}`).set(account, secret);
  };
}

const size = fc.oneof(fc.integer({ min: 0, max: 2560 }), fc.integer({ min: 2561, max: 12_000 }));
const write = fc.record({
  kind: fc.constantFrom("set", "set", "set", "delete"),
  size,
  /** The number of native calls after which it is killed. */
  limit: fc.oneof(fc.constant(Infinity), fc.integer({ min: 0, max: 20 })),
});
type Write = typeof write extends fc.Arbitrary<infer T> ? T : never;

/** The call for `write`, and the secret of the account after it. */
function begin(set: CredentialSet, { kind, size }: Write, index: number): {
  call: SteppedCall<unknown>;
  result: string | undefined;
} {
  if (kind === "delete") {
    const call = new SteppedCall(set, (set) => open(set).delete(account));
    return { call, result: undefined };
  }
  const secret = secretOf(`<${index}>`, size);
  return { call: new SteppedCall(set, sets(`write-${index}`, secret)), result: text(secret) };
}

Deno.test("with one writer at a time, any of them killed, a get always returns a complete current secret", () => {
  const readers = fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 60 });
  fc.assert(fc.property(fc.array(write, { maxLength: 12 }), readers, (writes, pace) => {
    const set = new MemoryCredentials();
    let current: string | undefined;
    let turn = 0;
    let reader = new SteppedCall(set, read);
    let possible = new Set([current]);
    const readAlong = (): void => {
      reader.finish(pace.length === 0 ? 0 : pace[turn++ % pace.length]);
      if (!reader.isDone) return;
      assert.ok(possible.has(reader.value), `${reader.value?.slice(0, 40)}`);
      reader = new SteppedCall(set, read);
      possible = new Set([current]);
    };
    for (const [index, write] of writes.entries()) {
      const { call, result } = begin(set, write, index);
      possible.add(result);
      const before = current;
      for (let count = 0; count < write.limit && !call.isDone; count++) {
        call.step();
        // During the write, both secrets are current.
        readAlong();
        possible.add(before).add(result);
      }
      const found = read(set);
      assert.ok(call.isDone ? found === result : found === result || found === before);
      current = found;
      assert.deepEqual(open(set).list(), found === undefined ? [] : [account]);
      if (!call.isDone) continue;
      const length = found?.length ?? 0;
      const parts = length <= maximumBlob ? 0 : Math.ceil(length / maximumBlob);
      assert.equal(set.targets().length, (found === undefined ? 0 : 1) + parts);
    }
  }));
});

Deno.test("with concurrent writers without a lock, a get never returns a mixture, and one complete secret remains", () => {
  const several = fc.array(fc.record({ kind: write.map((it) => it.kind), size }), {
    minLength: 2,
    maxLength: 4,
  });
  const order = fc.array(fc.nat({ max: 5 }), { maxLength: 120 });
  fc.assert(
    fc.property(several, order, (writes, order) => {
      const set = new MemoryCredentials();
      open(set).set(account, secretOf("old", 6000));
      const begun = writes.map((it, index) => begin(set, { ...it, limit: Infinity }, index));
      const written = new Set([undefined, text(secretOf("old", 6000))]);
      for (const { result } of begun) written.add(result);
      let reader = new SteppedCall(set, read);
      for (const turn of order) {
        begun[turn]?.call.step();
        if (turn < begun.length) continue;
        reader.step();
        if (!reader.isDone) continue;
        assert.ok(written.has(valueUnlessLost(reader)));
        reader = new SteppedCall(set, read);
      }
      for (const { call } of begun) call.finish();
      for (const { call } of begun) assert.doesNotThrow(() => call.value);
      const found = read(set);
      assert.ok(begun.some(({ result }) => result === found), `${found?.slice(0, 40)}`);
      open(set).delete(account);
      assert.deepEqual(set.targets(), []);
    }),
    { numRuns: 500 },
  );
});

/** A get may happen while one writer has removed parts that the other must write again. */
function valueUnlessLost(reader: SteppedCall<string | undefined>): string | undefined {
  try {
    return reader.value;
  } catch (error) {
    assert.ok(error instanceof FobError && error.code === "store_corrupt", String(error));
    return undefined;
  }
}

Deno.test("accounts that differ in case, or in special characters, are different accounts", () => {
  const accounts = [
    "oidc:work",
    "oidc:Work",
    "oidc:WORK",
    "oidc:z\u00fcrich",
    "oidc:Z\u00dcRICH",
    "oidc:\u017f",
    "oidc:s",
    "oidc:\u0131",
    "oidc:i",
    "oidc:a",
    "oidc:a/b",
    "oidc:a%2fb",
    "oidc:a*",
    "oidc:a\\b",
    "oidc:a_b",
    "",
    "part:oidc:a",
  ];
  const set = new MemoryCredentials();
  for (const account of accounts) open(set).set(account, secretOf(`<${account}>`, 5000));
  assert.deepEqual(open(set).list().sort(), accounts.toSorted());
  for (const account of accounts) {
    assert.equal(text(open(set).get(account)), text(secretOf(`<${account}>`, 5000)));
  }
  for (const account of accounts) assert.equal(open(set).delete(account), true, account);
  assert.deepEqual(set.targets(), []);
});

Deno.test("an account may be longer than the user name that Windows shows", () => {
  for (const length of [250, 600]) {
    const [set, account] = [new MemoryCredentials(), `git:https://h/${"a".repeat(length)}`];
    const credentials = new PartedCredentials(set, "fob");
    for (const size of [10, 20_000]) {
      const secret = secretOf("x", size);
      credentials.set(account, secret);
      assert.deepEqual(credentials.get(account), secret);
    }
    assert.deepEqual(credentials.list(), [account]);
  }
});

Deno.test("list returns any account name unchanged", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme", maxLength: 30 }), (account) => {
    const set = new MemoryCredentials();
    open(set).set(account, secretOf("x", 10));
    assert.deepEqual(open(set).list(), [account]);
    assert.equal(text(open(set).get(account)), text(secretOf("x", 10)));
  }));
});

Deno.test("a plain account name is unchanged in the target", () => {
  const set = new MemoryCredentials();
  open(set).set("oidc:work.example-1", secretOf("x", 10));
  assert.deepEqual(set.targets(), ["fob:oidc:work.example-1"]);
});

const unreadable: readonly [string, string, string?][] = [
  ["an unknown version", '{"v":2,"digest":"x"}', "2"],
  ["no version", '{"generation":"g","parts":1,"length":1}'],
  ["no parts", '{"v":1,"generation":"g","parts":0,"length":1}'],
  ["invalid JSON", "{"],
  [
    "a length beyond all memory",
    '{"v":1,"generation":"short","parts":1,"length":9007199254740991}',
  ],
  ["a truncated part", '{"v":1,"generation":"short","parts":1,"length":1000}'],
  ["a part that is too long", '{"v":1,"generation":"short","parts":1,"length":10}'],
  ["missing parts", '{"v":1,"generation":"g","parts":1,"length":1}'],
];

for (const [what, json, version] of unreadable) {
  Deno.test(`a manifest with ${what} is corrupt, not missing, and can be replaced or removed`, () => {
    for (const cure of ["set", "delete"] as const) {
      const set = new MemoryCredentials();
      const blob = new Uint8Array([0xff, ...new TextEncoder().encode(json)]);
      set.write({ target: "fob:oidc:work", userName: account, blob }, "");
      set.write({ target: "fob-part:oidc:work/short.0", userName: account, blob }, "");
      assert.throws(() => open(set).get(account), (error) => {
        assert.ok(error instanceof FobError);
        assert.deepEqual([error.code, error.facts["version"]], ["store_corrupt", version]);
        return true;
      });
      if (cure === "set") open(set).set(account, secretOf("new", 3000));
      else open(set).delete(account);
      assert.equal(read(set), cure === "set" ? text(secretOf("new", 3000)) : undefined);
    }
  });
}
