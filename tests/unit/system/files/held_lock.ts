/** Takes the lock on the file in the first argument, writes a text to it, and holds it. */
import { systemClock } from "../../../../src/system/clock.ts";
import { lockFile } from "../../../../src/system/files/file_lock.ts";

if (import.meta.main) {
  using lock = await lockFile(Deno.args[0] ?? "", 0, systemClock());
  await lock.write("left by a process that died");
  console.log("held");
  await new Promise((resolve) => setTimeout(resolve, 60_000));
}
