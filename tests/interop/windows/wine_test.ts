import assert from "node:assert/strict";
import { missingRigs } from "../../rigs/rigs.ts";
import { startWindows, windowsPath } from "../../rigs/wine.ts";

const ignore = (await missingRigs()).includes("wine");

Deno.test(
  { name: "wine: Deno's Windows build runs a script of the repository", ignore },
  async () => {
    await using windows = await startWindows();
    const script = `${windows.home}/z\u00fcrich.ts`;
    await Deno.writeTextFile(
      script,
      `const text = await new Response(Deno.stdin.readable).text();
     console.log(JSON.stringify([Deno.build.os, Deno.args, Deno.env.get("FOB"), text]));
     await Deno.writeTextFile("C:\\\\written.txt", "by Windows");
     Deno.exit(7);`,
    );
    const child = windows.deno(["run", "-A", windowsPath(script), "a b", '"'], {
      env: { FOB: "\u00e4" },
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode("\u00f6"));
    await writer.close();
    const { code, stdout } = await child.output();
    assert.deepEqual(
      JSON.parse(new TextDecoder().decode(stdout)),
      ["windows", ["a b", '"'], "\u00e4", "\u00f6"],
    );
    assert.equal(code, 7);
    assert.equal(await Deno.readTextFile(`${windows.drive}/written.txt`), "by Windows");
  },
);

Deno.test({ name: "wine: two machines are separate, and leave no processes", ignore }, async () => {
  const first = await startWindows();
  await using second = await startWindows();
  await Deno.writeTextFile(`${first.home}/mine.txt`, "mine");
  const waiting = first.deno([
    "eval",
    "console.log(1); await new Promise(() => setInterval(() => {}, 1e6))",
  ], {
    stdout: "piped",
  }).spawn();
  const reader = waiting.stdout.getReader();
  await reader.read();
  await first[Symbol.asyncDispose]();
  assert.equal((await reader.read()).done, true);
  await waiting.status;
  await assert.rejects(Deno.stat(first.drive), Deno.errors.NotFound);
  assert.equal((await second.deno(["eval", "Deno.exit(3)"]).output()).code, 3);
});
