import assert from "node:assert/strict";
import fc from "fast-check";
import { appendAudit, auditPath, formatAudit } from "../../../src/system/audit_log.ts";
import type { AuditEntry, AuditLimits } from "../../../src/system/audit_log.ts";
import { MemoryLocks } from "../../fakes/machine/memory_locks.ts";
import { makeTemporaryDirectory } from "../../fakes/machine/temporary_directory.ts";

const entry: AuditEntry = { protocol: "git get", profile: "work", outcome: "answered" };
const context = { time: Date.UTC(2026, 0, 2, 3, 4, 5, 6), pid: 7, parent: "git" };

async function append(directory: string, limits?: AuditLimits, more = {}): Promise<void> {
  const needs = { directory, locks: new MemoryLocks(), notice: assert.fail };
  await appendAudit({ ...entry, ...more }, context, needs, limits);
}

async function logs(directory: string): Promise<string[]> {
  const names = (await Array.fromAsync(Deno.readDir(directory))).map(({ name }) => name);
  return names.filter((name) => name.startsWith("audit.log")).sort();
}

Deno.test("an entry has the time, process, profile, protocol and outcome, in a file with mode 0600", async () => {
  await using folder = await makeTemporaryDirectory();
  const directory = `${folder.path}/state`;
  await append(directory);
  await append(directory, undefined, { outcome: "failed", code: "store_locked" });
  const text = await Deno.readTextFile(auditPath(directory));
  assert.equal(
    text,
    '{"time":"2026-01-02T03:04:05.006Z","pid":7,"parent":"git","profile":"work",' +
      '"protocol":"git get","outcome":"answered"}\n' +
      '{"time":"2026-01-02T03:04:05.006Z","pid":7,"parent":"git","profile":"work",' +
      '"protocol":"git get","outcome":"failed","code":"store_locked"}\n',
  );
  if (Deno.build.os === "windows") return;
  for (const [path, mode] of [[auditPath(directory), 0o600], [directory, 0o700]] as const) {
    assert.equal(((await Deno.stat(path)).mode ?? 0) & 0o777, mode);
  }
});

Deno.test({
  name: "a log that other users can read gets mode 0600 before a line is written, with a notice",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    await using folder = await makeTemporaryDirectory();
    const path = auditPath(folder.path);
    await append(folder.path);
    await Deno.chmod(path, 0o644);
    const notices: string[] = [];
    const notice = (text: string): void => void notices.push(text);
    const needs = { directory: folder.path, locks: new MemoryLocks(), notice };
    await appendAudit(entry, context, needs);
    assert.deepEqual(notices, [`Changed the mode of "${path}" to 0600: other users could read it`]);
    assert.equal(((await Deno.stat(path)).mode ?? 0) & 0o777, 0o600);
    await append(folder.path);
  },
});

Deno.test("an entry with any names is one line of JSON without a control character", () => {
  const nasty = fc.string({ unit: "binary", maxLength: 300 });
  fc.assert(fc.property(nasty, nasty, (profile, parent) => {
    const line = formatAudit({ ...entry, profile }, { ...context, parent });
    assert.match(line, /^[^\p{C}\p{Zl}\p{Zp}]+\n$/u);
    const read = JSON.parse(line) as Record<string, string>;
    assert.equal(read["profile"], profile.slice(0, 200));
    assert.equal(read["parent"], parent.slice(0, 200));
    assert.ok(line.length < 4096);
  }));
});

Deno.test("a full log is rotated, and the configured number is kept", async () => {
  await using folder = await makeTemporaryDirectory();
  const limits = { size: 100, kept: 2 };
  for (let turn = 1; turn <= 5; turn++) await append(folder.path, limits, { profile: `p${turn}` });
  assert.deepEqual(await logs(folder.path), ["audit.log.1", "audit.log.2"]);
  assert.match(await Deno.readTextFile(`${folder.path}/audit.log.1`), /"p5"/);
  assert.match(await Deno.readTextFile(`${folder.path}/audit.log.2`), /"p4"/);
});

Deno.test("a link or a directory instead of the log is rejected", {
  ignore: Deno.build.os === "windows",
}, async () => {
  await using folder = await makeTemporaryDirectory();
  await Deno.writeTextFile(`${folder.path}/mine`, "precious\n");
  await Deno.mkdir(`${folder.path}/a`, { mode: 0o700 });
  await Deno.symlink("../mine", `${folder.path}/a/audit.log`);
  await assert.rejects(append(`${folder.path}/a`), { code: "io_failed" });
  await Deno.mkdir(`${folder.path}/b/audit.log`, { recursive: true, mode: 0o700 });
  await assert.rejects(append(`${folder.path}/b`), { code: "io_failed" });
  assert.equal(await Deno.readTextFile(`${folder.path}/mine`), "precious\n");
});

Deno.test("fifty concurrent processes lose no line during a rotation", async () => {
  await using folder = await makeTemporaryDirectory();
  const [writers, lines, size] = [50, 40, 8_000];
  const script = `${import.meta.dirname}/audit_writer.ts`;
  const runs = Array.from({ length: writers }, (_, writer) =>
    new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", script, folder.path, `${writer}`, `${lines}`, `${size}`],
      stderr: "piped",
    }).output());
  for (const { code, stderr } of await Promise.all(runs)) {
    assert.equal(code, 0, new TextDecoder().decode(stderr));
  }
  const names = await logs(folder.path);
  assert.ok(names.length > 10, `put aside ${names.length} times`);
  const texts = await Promise.all(names.map((name) => Deno.readTextFile(`${folder.path}/${name}`)));
  const found = texts.join("").trimEnd().split("\n").map((line) => {
    return (JSON.parse(line) as { protocol: string }).protocol;
  });
  const wanted = Array.from(
    { length: writers * lines },
    (_, index) => `${Math.floor(index / lines)} ${index % lines}`,
  );
  assert.deepEqual(found.sort(), wanted.sort());
});
