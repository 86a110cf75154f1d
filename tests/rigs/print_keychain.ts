/** Prints which keychain fob opens on the system that this runs on, and whether it can be used. */
import { openKeychain } from "../../src/stores/open_store.ts";
import { systemClock } from "../../src/system/clock.ts";
import { systemEnvironment } from "../../src/system/environment.ts";

const keychain = await openKeychain({
  environment: systemEnvironment(),
  clock: systemClock(),
  patience: { interactive: false, onWait: console.error },
  notice: console.error,
  directory: await Deno.makeTempDir(),
  version: "0.0.1",
});
console.log(`${keychain.kind} ${(await keychain.probe()).state}`);
