import assert from "node:assert/strict";
import { missingRigs } from "../rigs/rigs.ts";
import { startWindows, windowsPath } from "../rigs/wine.ts";

const ignore = (await missingRigs()).includes("wine");
const library = windowsPath(await Deno.realPath(`${import.meta.dirname}/../../ffi/kernel32.ts`));

Deno.test(
  { name: "wine: a process knows when it was made, before Deno does", ignore },
  async () => {
    await using windows = await startWindows();
    const url = `file:///${library.replaceAll("\\", "/")}`;
    const code = `import { processStart } from ${JSON.stringify(url)};
    console.log(JSON.stringify([processStart(), performance.timeOrigin]));`;
    const before = Date.now();
    const { stdout } = await windows.deno(["eval", "--no-config", code]).output();
    const [made, ready] = JSON.parse(new TextDecoder().decode(stdout)) as [number, number];
    // Windows' clock ticks every 16 ms.
    assert.ok(before - 20 <= made, `made ${before - made} ms before it was started`);
    assert.ok(made < ready, `made ${made - ready} ms after it was ready`);
  },
);
