import { deepEqual, throws } from "node:assert/strict";
import { parseStarted } from "../../canaries/started.ts";

Deno.test("arguments and environment are parsed from a line of strace, with any characters", () => {
  const hex = (text: string): string =>
    `"${
      [...new TextEncoder().encode(text)].map((it) => `\\x${it.toString(16).padStart(2, "0")}`)
        .join("")
    }"`;
  const argv = ["sh", "-c", 'echo "], [" ä', ""];
  const environment = ["A=1", 'B="]'];
  const line = (call: string): string =>
    `12  ${call}, [${argv.map(hex).join(", ")}], [${environment.map(hex).join(", ")}]) = 0`;
  const log = [
    line(`execve(${hex("/bin/sh")}`),
    line(`execveat(3, ${hex("")}`),
    "12  +++ exited with 0 +++",
  ];
  deepEqual(parseStarted(log.join("\n")), [{ argv, environment }, { argv, environment }]);
  deepEqual(parseStarted(`12 execve(${hex("a")}, [], []) = 0`), [{ argv: [], environment: [] }]);
});

Deno.test("a line that is cut off or not understood is an error", () => {
  throws(
    () => parseStarted(`12  execve("\\x61", ["\\x61"..., ...], []) = 0`),
    /Unexpected line of strace/,
  );
  throws(
    () => parseStarted(`12  execve("\\x61", 0x7ffc /* 3 vars */, 0x7ffd) = 0`),
    /Unexpected line of strace/,
  );
});
