/**
 * On Windows: opens the address that it is given as fob does, and says whether that was done. As
 * `visit SERVER ADDRESS` it stands in for the browser: tells the server which address it was given.
 */
import { openBrowser } from "../../../src/system/browser.ts";
import { systemEnvironment } from "../../../src/system/environment.ts";

if (import.meta.main) {
  const [word, url = "", address = ""] = Deno.args;
  if (word === "visit") await (await fetch(url, { method: "POST", body: address })).text();
  else console.log(await openBrowser(new URL(url), systemEnvironment()));
}
