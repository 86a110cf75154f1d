import assert from "node:assert/strict";
import fc from "fast-check";
import { FobError } from "../../../src/errors.ts";
import { Secret } from "../../../src/secret.ts";
import { TokenCacheFile, type TokenEntry } from "../../../src/stores/token_cache_file.ts";
import { systemClock } from "../../../src/system/clock.ts";
import { makeTemporaryDirectory, modeOf } from "../../fakes/machine/temporary_directory.ts";

/** A cache in a directory of its own. `onLook` is called with each look at a file that others could read. */
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

Deno.test("a cache that is not there has no keys, and is not made by reading or removing", async () => {
  await using cache = await open();
  assert.deepEqual([await cache.keys(), await cache.read("work")], [[], undefined]);
  assert.deepEqual(await cache.remove(["work"]), []);
  await assert.rejects(Deno.stat(cache.location), Deno.errors.NotFound);
});

Deno.test("what is written is what Databricks' CLI would write, under every key, 0600 in 0700", async () => {
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

Deno.test("what is written is read", async () => {
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

Deno.test("what is not known stays, in the file, under other keys and in the entry itself", async () => {
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

Deno.test("removing takes the keys that are there in one write, and tells which they were", async () => {
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

Deno.test("a token type that is not said is Bearer, and a null is no entry", async () => {
  await using cache = await open('{"version":1,"tokens":{"a":{"access_token":"x"},"b":null}}');
  assert.deepEqual(await cache.read("a"), entry("x"));
  assert.equal(await cache.read("b"), undefined);
});

Deno.test("a map that Go never made is an empty one", async () => {
  await using cache = await open('{"version":1,"tokens":null}');
  await cache.write(entry("x"), ["a"]);
  assert.deepEqual(await cache.keys(), ["a"]);
});

const refused: [what: string, text: string, why: string][] = [
  ["truncated", '{"version":1,"tokens":{"a":{"access_token":"s3cr', "it is not JSON"],
  ["empty", "", "it is not JSON"],
  ["a list", "[]", "it is not a JSON object"],
  ["of another version", '{"version":2,"tokens":{}}', "its version is 2, fob supports version 1"],
  ["of no version", '{"tokens":{}}', "its version is none, fob supports version 1"],
  ["without a map", '{"version":1,"tokens":["s3cret"]}', '"tokens" is not an object'],
];

for (const [what, text, why] of refused) {
  Deno.test(`a file that is ${what} is an error to all, and is not overwritten`, async () => {
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
  Deno.test(`an entry of which ${why} is an error to who reads it: ${entry}`, async () => {
    await using cache = await open(`{"version":1,"tokens":{"a":${entry},"b":{}}}`);
    await assert.rejects(cache.read("a"), {
      code: "store_corrupt",
      message: `Cannot read "${cache.location}": under "a", ${why}`,
    });
    assert.notEqual(await cache.read("b"), undefined);
  });
}

Deno.test("any text is a cache, or an error that is foreseen and quotes nothing of it", async () => {
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

Deno.test("links and a directory in the place of the file are refused, and left", async () => {
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

Deno.test("writers at once lose none of one another", async () => {
  await using cache = await open();
  const keys = [..."abcdefghijkl"];
  await Promise.all(keys.map((key) => cache.write(entry(key), [key])));
  assert.deepEqual(await cache.keys(), keys);
});

/** The whole map written anew by a program that takes no lock, and leaves a file that others can read. */
function rewrite(path: string, key: string): void {
  const { version, tokens } = JSON.parse(Deno.readTextFileSync(path));
  const theirs = { version, tokens: { ...tokens, [key]: { access_token: key } } };
  Deno.writeTextFileSync(`${path}.theirs`, JSON.stringify(theirs));
  Deno.chmodSync(`${path}.theirs`, 0o644);
  Deno.renameSync(`${path}.theirs`, path);
}

Deno.test("no rewrite of the whole map by another program makes a write lose a key, or loses its own", async () => {
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

Deno.test("a program that does not leave off is an error, and loses nothing", async () => {
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
