import assert from "node:assert/strict";
import fc from "fast-check";
import { FobError } from "../../../src/errors.ts";
import { Secret } from "../../../src/secret.ts";
import { TokenCacheFile, type TokenEntry } from "../../../src/stores/token_cache_file.ts";
import { systemClock } from "../../../src/system/clock.ts";
import { makeTemporaryDirectory, modeOf } from "../../fakes/machine/temporary_directory.ts";

/** A cache in its own directory. `onLook` is called for each read of a file that others could read. */
async function open(text?: string, onLook: () => void = (): void => {}): Promise<Cache> {
  const directory = await makeTemporaryDirectory();
  const path = `${directory.path}/.databricks/token-cache.json`;
  if (text !== undefined) {
    await Deno.mkdir(`${directory.path}/.databricks`, { mode: 0o700 });
    await Deno.writeTextFile(path, text, { mode: 0o600 });
  }
  const cache = new TokenCacheFile({ path, clock: systemClock(), notice: () => onLook() });
  return Object.assign(cache, { [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose]() });
}

type Cache = TokenCacheFile & AsyncDisposable;

function entry(token: string, more: Partial<TokenEntry> = {}): TokenEntry {
  return { accessToken: new Secret(token), tokenType: "Bearer", ...more };
}

async function contentOf(cache: TokenCacheFile): Promise<unknown> {
  return JSON.parse(await Deno.readTextFile(cache.location));
}

const expiresAt = Date.UTC(2026, 10, 22, 9, 30, 0, 250);

Deno.test("a missing cache has no keys, and reading or removing does not create it", async () => {
  await using cache = await open();
  assert.deepEqual([await cache.keys(), await cache.read("work")], [[], undefined]);
  assert.deepEqual(await cache.remove(["work"]), []);
  await assert.rejects(Deno.stat(cache.location), Deno.errors.NotFound);
});

Deno.test("an entry is written as Databricks' CLI writes it, under every key, with mode 0600 in a 0700 directory", async () => {
  await using cache = await open();
  const token = entry("access", {
    refreshToken: new Secret("refresh"),
    expiresAt,
    expiresIn: 3600,
  });
  await cache.write(token, ["work", "https://h.example"]);
  const written = {
    access_token: "access",
    token_type: "Bearer",
    refresh_token: "refresh",
    expiry: "2026-11-22T09:30:00.250Z",
    expires_in: 3600,
  };
  assert.deepEqual(await contentOf(cache), {
    version: 1,
    tokens: { "work": written, "https://h.example": written },
  });
  assert.equal(await modeOf(cache.location), 0o600);
  assert.equal(await modeOf(cache.location.replace(/\/[^/]*$/, "")), 0o700);
  assert.deepEqual(await cache.keys(), ["https://h.example", "work"]);
});

Deno.test("a written entry can be read", async () => {
  const token = fc.record({
    accessToken: fc.string().map((text) => new Secret(text)),
    tokenType: fc.constantFrom("Bearer", "DPoP"),
    refreshToken: fc.string({ minLength: 1 }).map((text) => new Secret(text)),
    expiresAt: fc.integer({ min: 0, max: Date.UTC(9999, 11, 31) }),
    expiresIn: fc.integer({ min: 1 }),
  }, { requiredKeys: ["accessToken", "tokenType"], noNullPrototype: true });
  const reveal = (it: Partial<TokenEntry> = {}): unknown => ({
    ...it,
    accessToken: it.accessToken?.reveal(),
    refreshToken: it.refreshToken?.reveal(),
  });
  const key = fc.oneof(fc.string(), fc.constantFrom("__proto__", "constructor", "1"));
  await fc.assert(
    fc.asyncProperty(token, key, async (token, key) => {
      await using cache = await open();
      await cache.write(entry("other"), ["other key"]);
      await cache.write(token as TokenEntry, [key]);
      assert.deepEqual(reveal(await cache.read(key)), reveal(token as TokenEntry));
      assert.deepEqual(await cache.keys(), ["other key", key].sort());
    }),
    { numRuns: 50 },
  );
});

Deno.test("unknown fields are preserved in the file, under other keys and in the entry", async () => {
  const text = JSON.stringify({
    version: 1,
    note: { mine: true },
    tokens: {
      other: { access_token: "o", scopes: ["x"], expiry: "whatever" },
      work: { access_token: "old", refresh_token: "r", expires_in: 3600, fingerprint: "f" },
    },
  });
  await using cache = await open(text);
  await cache.write(entry("new"), ["work"]);
  assert.deepEqual(await contentOf(cache), {
    version: 1,
    note: { mine: true },
    tokens: {
      other: { access_token: "o", scopes: ["x"], expiry: "whatever" },
      work: {
        access_token: "new",
        token_type: "Bearer",
        expiry: "0001-01-01T00:00:00Z",
        fingerprint: "f",
      },
    },
  });
});

Deno.test("remove deletes the existing keys in one write, and returns them", async () => {
  await using cache = await open();
  await cache.write(entry("x"), ["a", "b", "c"]);
  assert.deepEqual(await cache.remove(["a", "gone", "c"]), ["a", "c"]);
  assert.deepEqual(await cache.keys(), ["b"]);
  const before = await Deno.stat(cache.location);
  assert.deepEqual(await cache.remove(["gone"]), []);
  assert.equal((await Deno.stat(cache.location)).ino, before.ino);
});

const times: [expiry: string | undefined, expiresAt: number | undefined][] = [
  ["2026-11-22T09:30:00Z", Date.UTC(2026, 10, 22, 9, 30)],
  ["2026-11-22T10:30:00+01:00", Date.UTC(2026, 10, 22, 9, 30)],
  ["2026-11-22T00:00:00.5-09:30", Date.UTC(2026, 10, 22, 9, 30, 0, 500)],
  ["2026-11-22T09:30:00.123456789Z", Date.UTC(2026, 10, 22, 9, 30, 0, 123)],
  ["2026-11-22T09:30:00.0009Z", Date.UTC(2026, 10, 22, 9, 30)],
  ["0001-01-01T00:00:00Z", undefined],
  ["", undefined],
  [undefined, undefined],
];

for (const [expiry, expiresAt] of times) {
  Deno.test(`the expiry ${expiry} is ${expiresAt}`, async () => {
    const tokens = { work: { access_token: "x", expiry } };
    await using cache = await open(JSON.stringify({ version: 1, tokens }));
    assert.equal((await cache.read("work"))?.expiresAt, expiresAt);
  });
}

Deno.test("a missing token type is Bearer, and null is not an entry", async () => {
  await using cache = await open('{"version":1,"tokens":{"a":{"access_token":"x"},"b":null}}');
  assert.deepEqual(await cache.read("a"), entry("x"));
  assert.equal(await cache.read("b"), undefined);
});

Deno.test("a nil map of Go is empty", async () => {
  await using cache = await open('{"version":1,"tokens":null}');
  await cache.write(entry("x"), ["a"]);
  assert.deepEqual(await cache.keys(), ["a"]);
});

const refused: [what: string, text: string, why: string][] = [
  ["that is truncated", '{"version":1,"tokens":{"a":{"access_token":"s3cr', "it is not JSON"],
  ["that is empty", "", "it is not JSON"],
  ["with a list", "[]", "it is not a JSON object"],
  ["of another version", '{"version":2,"tokens":{}}', "its version is 2, fob supports version 1"],
  ["of no version", '{"tokens":{}}', "its version is none, fob supports version 1"],
  ["without a map", '{"version":1,"tokens":["s3cret"]}', '"tokens" is not an object'],
];

for (const [what, text, why] of refused) {
  Deno.test(`a file ${what} is an error for every call, and is not overwritten`, async () => {
    await using cache = await open(text);
    const refusal = { code: "store_corrupt", message: `Cannot read "${cache.location}": ${why}` };
    await assert.rejects(cache.read("a"), refusal);
    await assert.rejects(cache.keys(), refusal);
    await assert.rejects(cache.write(entry("x"), ["a"]), refusal);
    await assert.rejects(cache.remove(["a"]), refusal);
    await assert.rejects(cache.assertWritable(), refusal);
    assert.equal(await Deno.readTextFile(cache.location), text);
  });
}

const entries: [entry: string, why: string][] = [
  ['"s3cret"', "the entry is not an object"],
  ['{"access_token":["s3cret"]}', '"access_token" is not a string'],
  ['{"access_token":"s3cret","refresh_token":7}', '"refresh_token" is not a string'],
  ['{"access_token":"s3cret","expiry":"soon"}', '"expiry" is not a valid time'],
  ['{"access_token":"s3cret","expiry":"2026-13-22T09:30:00Z"}', '"expiry" is not a valid time'],
  ['{"access_token":"s3cret","expiry":"2026-11-22T09:30:00"}', '"expiry" is not a valid time'],
  ['{"access_token":"s3cret","expires_in":"3600"}', '"expires_in" is not a number'],
];

for (const [entry, why] of entries) {
  Deno.test(`reading the entry ${entry} fails: ${why}`, async () => {
    await using cache = await open(`{"version":1,"tokens":{"a":${entry},"b":{}}}`);
    await assert.rejects(cache.read("a"), {
      code: "store_corrupt",
      message: `Cannot read "${cache.location}": under "a", ${why}`,
    });
    assert.notEqual(await cache.read("b"), undefined);
  });
}

Deno.test("any text is a cache, or a store error that does not quote it", async () => {
  const json = fc.json({ maxDepth: 4 }).map((text) => text.replaceAll('"', '"s3cret'));
  const field = fc.constantFrom(
    "access_token",
    "token_type",
    "refresh_token",
    "expiry",
    "expires_in",
  );
  const value = fc.oneof(fc.constant("s3cret"), fc.integer(), fc.constant(null), fc.object());
  const cacheText = fc.dictionary(fc.constantFrom("a", "b"), fc.dictionary(field, value))
    .map((tokens) => JSON.stringify({ version: 1, tokens }));
  await fc.assert(
    fc.asyncProperty(fc.oneof(json, cacheText, fc.string()), async (text) => {
      await using cache = await open(text);
      for (const use of [() => cache.read("a"), () => cache.keys(), () => cache.remove(["a"])]) {
        await use().catch((error) => {
          if (!(error instanceof FobError)) throw error;
          assert.equal(error.code, "store_corrupt");
          assert.doesNotMatch(error.message + JSON.stringify(error.facts) + error.cause, /s3cret/);
        });
      }
    }),
    { numRuns: 200 },
  );
});

Deno.test("a link or a directory instead of the file is rejected and not changed", async () => {
  await using directory = await makeTemporaryDirectory();
  const elsewhere = `${directory.path}/elsewhere`;
  await Deno.mkdir(elsewhere);
  await Deno.symlink(elsewhere, `${directory.path}/link`);
  await Deno.symlink(elsewhere, `${directory.path}/file-link`);
  const at = (path: string): TokenCacheFile =>
    new TokenCacheFile({ path, clock: systemClock(), notice: () => {} });
  const linked = at(`${directory.path}/link/token-cache.json`);
  await assert.rejects(linked.write(entry("x"), ["a"]), { code: "io_failed" });
  for (const name of ["elsewhere", "file-link"]) {
    const cache = at(`${directory.path}/${name}`);
    await assert.rejects(cache.read("a"), { code: "store_corrupt" });
    await assert.rejects(cache.write(entry("x"), ["a"]), { code: "store_corrupt" });
  }
  assert.deepEqual(await Array.fromAsync(Deno.readDir(elsewhere)), []);
});

Deno.test("concurrent writers lose no entry", async () => {
  await using cache = await open();
  const keys = [..."abcdefghijkl"];
  await Promise.all(keys.map((key) => cache.write(entry(key), [key])));
  assert.deepEqual(await cache.keys(), keys);
});

/** A rewrite of the whole map by a program without a lock, which leaves a file that others can read. */
function rewrite(path: string, key: string): void {
  const { version, tokens } = JSON.parse(Deno.readTextFileSync(path));
  const theirs = { version, tokens: { ...tokens, [key]: { access_token: key } } };
  Deno.writeTextFileSync(`${path}.theirs`, JSON.stringify(theirs));
  Deno.chmodSync(`${path}.theirs`, 0o644);
  Deno.renameSync(`${path}.theirs`, path);
}

Deno.test("a concurrent rewrite of the whole map by another program loses no entry", async () => {
  const key = fc.constantFrom("a", "b", "c");
  const use = fc.oneof(
    key.map((key) => ({ kind: "write" as const, key })),
    key.map((key) => ({ kind: "remove" as const, key })),
  );
  const rewrites = fc.integer({ min: 0, max: 5 });
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(key), use, rewrites, async (kept, use, rewrites) => {
      const theirs: string[] = [];
      const onLook = (): void => {
        if (theirs.length >= rewrites) return;
        theirs.push(`theirs ${theirs.length}`);
        rewrite(cache.location, theirs.at(-1) ?? "");
      };
      const tokens = Object.fromEntries(kept.map((key) => [key, { access_token: key }]));
      await using cache = await open(JSON.stringify({ version: 1, tokens }), onLook);
      await Deno.chmod(cache.location, 0o644);
      const expected = new Set<string>(kept);
      if (use.kind === "write") {
        await cache.write(entry("ours"), [use.key, "mirror"]);
        assert.equal((await cache.read(use.key))?.accessToken.reveal(), "ours");
        [use.key, "mirror"].forEach((key) => expected.add(key));
      } else {
        await cache.remove([use.key]);
        expected.delete(use.key);
      }
      assert.deepEqual(await cache.keys(), [...expected, ...theirs].sort());
    }),
    { numRuns: 100 },
  );
});

Deno.test("a program that keeps changing the file is an error, and no entry is lost", async () => {
  let count = 0;
  await using cache = await open(
    '{"version":1,"tokens":{}}',
    () => rewrite(cache.location, `theirs ${count++}`),
  );
  await Deno.chmod(cache.location, 0o644);
  await assert.rejects(cache.write(entry("x"), ["a"]), {
    code: "store_failed",
    message: `"${cache.location}" is being changed by another program`,
  });
  const { tokens } = JSON.parse(await Deno.readTextFile(cache.location));
  assert.equal(Object.keys(tokens).length, count);
});
