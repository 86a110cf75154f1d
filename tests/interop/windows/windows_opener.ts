/**
 * On Windows: opens the given address like fob, and prints whether that succeeded. With `visit SERVER
 * ADDRESS`, it is the fake browser, and sends the address to the server.
 */
import { openBrowser } from "../../../src/system/browser.ts";
import { systemEnvironment } from "../../../src/system/environment.ts";

if (import.meta.main) {
  const [word, url = "", address = ""] = Deno.args;
  if (word === "visit") await (await fetch(url, { method: "POST", body: address })).text();
  else console.log(await openBrowser(new URL(url), systemEnvironment()));
}
