import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { checkPayload, compile, payloadBudget } from "../../../../scripts/release/compile.ts";
import { type Payload, readPayload } from "../../../../scripts/release/payload.ts";
import { findTarget, type Target, targets } from "../../../../scripts/release/targets.ts";
import { standInBase } from "../../../rigs/stand_in_base.ts";

const root = await Deno.realPath(`${import.meta.dirname}/../../../..`);
const scripts = new URL("../../../../scripts/", import.meta.url).href;
const permissions = (await Deno.readTextFile(`${root}/scripts/permissions`)).trim().split(" ");

/** The bundle's files, sorted. */
async function chunks(): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(`${root}/dist`));
  return entries.map(({ name }) => name).filter((name) => name.endsWith(".js")).sort();
}

/** Calls `use` with a folder. `DENORT_BIN` names a file in it with the content `base`. */
async function withBase(
  base: Uint8Array | undefined,
  use: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "fob-compile-" });
  try {
    if (base !== undefined) await Deno.writeFile(`${folder}/denort`, base);
    Deno.env.set("DENORT_BIN", `${folder}/denort`);
    await use(folder);
  } finally {
    Deno.env.delete("DENORT_BIN");
    await Deno.remove(folder, { recursive: true });
  }
}

async function compileIn(folder: string, target: Target, name = "fob"): Promise<Uint8Array> {
  const output = `${folder}/${name}${target.os === "windows" ? ".exe" : ""}`;
  await compile({ target, output });
  return await Deno.readFile(output);
}

for (const target of targets) {
  Deno.test(`a binary for ${target.triple} embeds only the chunks of the bundle`, async () => {
    await withBase(standInBase(target), async (folder) => {
      const binary = await compileIn(folder, target);
      const payload = readPayload(binary);
      assert.deepEqual(payload.files, await chunks());
      assert.equal(payload.entrypoint, "main.js");
      assert.equal(payload.hasCodeCache, false);
      assert.ok(payload.size < payloadBudget, `${payload.size} bytes`);
      assert.equal(payload.permissions.prompt, false);
      assert.deepEqual(payload.permissions.allow_sys, ["uid"]);
      assert.deepEqual(payload.permissions.deny_import, []);
      // No path of the build machine.
      assert.ok(!new TextDecoder("latin1").decode(binary).includes(root));
    });
  });
}

Deno.test("the same source gives the same binary under any name", async () => {
  const target = findTarget("x86_64-unknown-linux-gnu");
  await withBase(standInBase(target), async (folder) => {
    const digest = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
    const first = digest(await compileIn(folder, target));
    for (const name of await chunks()) await Deno.utime(`${root}/dist/${name}`, 1e9, 1e9);
    assert.equal(digest(await compileIn(folder, target, "another")), first);
  });
});

Deno.test("a binary has tracing disabled if OTEL_DENO is set at compile time", async () => {
  const target = findTarget("x86_64-unknown-linux-gnu");
  await withBase(standInBase(target), async (folder) => {
    Deno.env.set("OTEL_DENO", "true");
    try {
      const text = new TextDecoder("latin1").decode(await compileIn(folder, target));
      assert.match(text, /"otel_config":\{"tracing_enabled":false,"metrics_enabled":false,/);
    } finally {
      Deno.env.delete("OTEL_DENO");
    }
  });
});

Deno.test("a Windows binary has the icon", async () => {
  const target = findTarget("x86_64-pc-windows-msvc");
  await withBase(standInBase(target), async (folder) => {
    const text = new TextDecoder("latin1").decode(await compileIn(folder, target));
    assert.ok(text.includes([..."MAINICON"].join("\0")));
  });
});

Deno.test("a failed compilation leaves no files", async () => {
  const target = findTarget("aarch64-apple-darwin");
  for (const base of [undefined, new TextEncoder().encode("no program")]) {
    await withBase(base, async (folder) => {
      const reason = base === undefined
        ? /which does not exist/
        : /which is not a denort for aarch64/;
      await assert.rejects(compileIn(folder, target), reason);
      const left = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
      assert.deepEqual(left, base === undefined ? [] : ["denort"]);
    });
  }
});

Deno.test("a binary without embedded files is an error and is removed", async () => {
  const target = findTarget("aarch64-apple-darwin");
  const base = standInBase(target);
  // Without its last load command, which has the position of the signature, signing cuts off the rest.
  base[16] = (base[16] ?? 0) - 1;
  await withBase(base, async (folder) => {
    await assert.rejects(compileIn(folder, target), /Nothing is embedded/);
    assert.deepEqual((await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name), [
      "denort",
    ]);
  });
});

Deno.test("a failed download of denort is an error with the file name and DENORT_BIN, and leaves no files", async () => {
  const folder = await Deno.makeTempDir({ prefix: "fob-compile-" });
  try {
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "eval",
        `import { compile } from "${scripts}release/compile.ts";
import { findTarget } from "${scripts}release/targets.ts";
const target = findTarget("aarch64-unknown-linux-gnu");
await compile({ target, output: ${JSON.stringify(`${folder}/fob`)} });`,
      ],
      // A proxy that does not exist simulates a missing network.
      env: { HTTPS_PROXY: "http://127.0.0.1:9", DENO_DIR: `${folder}/deno`, NO_COLOR: "1" },
    }).output();
    assert.equal(code, 1);
    const said = new TextDecoder().decode(stderr);
    assert.match(
      said,
      /could not download "denort-aarch64-unknown-linux-gnu\.zip" of Deno \d+\.\d+\.\d+\. Download/,
    );
    assert.match(said, /set DENORT_BIN/);
    const left = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
    assert.deepEqual(left.filter((name) => name !== "deno"), []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("unexpected or missing files, other permissions and a large payload are errors", () => {
  const allowed = { allow_env: [], deny_import: [], allow_import: ["jsr.io"], prompt: false };
  const options = ["--no-prompt", "--allow-env", "--deny-import"];
  const good: Payload = {
    files: ["a.js", "main.js"],
    permissions: { ...allowed, allow_run: null },
    entrypoint: "main.js",
    hasCodeCache: false,
    size: 10,
  };
  const check = (payload: Partial<Payload>) => () =>
    checkPayload({ ...good, ...payload }, ["a.js", "main.js"], options);
  assert.deepEqual(check({})(), good);
  assert.throws(check({ files: [...good.files, "tests/a_test.ts"] }), /mistake: tests\/a_test\.ts/);
  assert.throws(check({ files: ["main.js"] }), /Not embedded: a\.js/);
  assert.throws(check({ entrypoint: "a.js" }), /The entry point is "a\.js"/);
  assert.throws(check({ hasCodeCache: true }), /code cache/);
  assert.throws(check({ size: payloadBudget + 1 }), /the limit is/);
  assert.throws(
    check({ permissions: { ...allowed, allow_run: [] } }),
    /The permissions are .*allow_run/,
  );
  assert.throws(check({ permissions: { ...allowed, prompt: true } }), /"prompt":true/);
});

Deno.test("the binary has no permission to import, and no --allow-all or --allow-sys", () => {
  assert.deepEqual(
    permissions.filter((option) => !option.startsWith("--allow-")),
    ["--no-prompt", "--deny-import"],
  );
  assert.deepEqual(permissions.filter((option) => /^--allow-(all|sys|import)$/.test(option)), []);
});
