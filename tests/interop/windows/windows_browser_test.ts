import assert from "node:assert/strict";
import { missingRigs } from "../../rigs/rigs.ts";
import { startWindows, type Windows, windowsPath } from "../../rigs/wine.ts";

const ignore = (await missingRigs()).includes("wine");
const script = windowsPath(`${import.meta.dirname}/windows_opener.ts`);

/** An address with commands of several shells, as a malicious server could send it. */
const nasty = new URL(
  "https://h.example/$(x)`x`;x?a=1&calc&b=%3A%PATH%!PATH!%USERNAME%^&c=$env:PATH|x>y'(x)#&calc",
).href;

Deno.test(
  { name: "wine: Windows opens an address without executing commands in it", ignore },
  async () => {
    await using windows = await startWindows();
    const { promise: visited, resolve } = Promise.withResolvers<string>();
    await using server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      async (request) => {
        resolve(await request.text());
        return new Response();
      },
    );
    await registerBrowser(windows, `http://127.0.0.1:${server.addr.port}/`);
    const opening = windows.deno(["run", "-A", "--no-config", script, "open", nasty]).output();
    assert.equal(await visited, nasty);
    assert.equal(new TextDecoder().decode((await opening).stdout), "true\n");
  },
);

/** Registers a browser that sends the opened address to `server`. */
async function registerBrowser(windows: Windows, server: string): Promise<void> {
  const { stdout } = await windows.deno(["eval", "console.log(Deno.execPath())"]).output();
  const deno = new TextDecoder().decode(stdout).trim();
  const command = `"${deno}" run -A --no-config ${script} visit ${server} "%1"`;
  const key = "HKCR\\https\\shell\\open\\command";
  const added = await windows.program("reg.exe", ["add", key, "/ve", "/d", command, "/f"]).output();
  assert.ok(added.success);
}
