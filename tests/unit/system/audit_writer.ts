/** Appends a given number of lines to the audit log of a directory, with early rotation. */
import { appendAudit } from "../../../src/system/audit_log.ts";
import { systemClock } from "../../../src/system/clock.ts";
import { fileLocks } from "../../../src/system/files/locks.ts";

if (import.meta.main) {
  const [directory = "", writer = "", count = "0", size = "0"] = Deno.args;
  const notice = (text: string): never => {
    throw new Error(text);
  };
  const locks = fileLocks({ config: "", state: directory }, systemClock(), notice);
  const limits = { size: Number(size), kept: 1_000 };
  for (let line = 0; line < Number(count); line++) {
    await appendAudit(
      { protocol: `${writer} ${line}`, profile: "work", outcome: "answered" },
      { time: 0, pid: Deno.pid, parent: "x".repeat(line % 200) },
      { directory, locks, notice },
      limits,
    );
  }
}
