import assert from "node:assert/strict";
import { missingRigs } from "../../rigs/rigs.ts";
import { startWindows, windowsPath } from "../../rigs/wine.ts";

const ignore = (await missingRigs()).includes("wine");
const library = windowsPath(await Deno.realPath(`${import.meta.dirname}/../../../ffi/kernel32.ts`));
const url = `file:///${library.replaceAll("\\", "/")}`;

Deno.test(
  { name: "wine: a process reads its creation time, before Deno's start", ignore },
  async () => {
    await using windows = await startWindows();
    const code = `import { processStart } from ${JSON.stringify(url)};
    console.log(JSON.stringify([processStart(), performance.timeOrigin]));`;
    const before = Date.now();
    const { stdout } = await windows.deno(["eval", "--no-config", code]).output();
    const [made, ready] = JSON.parse(new TextDecoder().decode(stdout)) as [number, number];
    // The resolution of the Windows clock is 16 ms.
    assert.ok(before - 20 <= made, `created ${before - made} ms before it was started`);
    assert.ok(made < ready, `created ${made - ready} ms after it was ready`);
  },
);

Deno.test(
  { name: "wine: a process reads the name of another process, and none for an unknown ID", ignore },
  async () => {
    await using windows = await startWindows();
    const code = `import { processName } from ${JSON.stringify(url)};
    const script = "import { processName } from " + ${JSON.stringify(JSON.stringify(url))} +
      "; console.log(JSON.stringify([processName(Deno.ppid), processName(4_000_000)]))";
    const child = new Deno.Command(Deno.execPath(), { args: ["eval", "--no-config", script] });
    console.log(new TextDecoder().decode((await child.output()).stdout));`;
    const { stdout } = await windows.deno(["eval", "--no-config", code]).output();
    const [parent, nobody] = JSON.parse(new TextDecoder().decode(stdout)) as (string | null)[];
    assert.equal(parent?.toLowerCase(), "deno.exe");
    assert.equal(nobody, null);
  },
);
