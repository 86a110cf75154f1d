/** Prints the kind of keychain that fob opens on this system, and its state. */
import { openKeychain, openSystemKeychain } from "../../src/stores/open_store.ts";
import { systemClock } from "../../src/system/clock.ts";
import { systemEnvironment } from "../../src/system/environment.ts";

const needs = {
  environment: systemEnvironment(),
  waitOptions: { interactive: false, onWait: console.error },
  version: "0.0.1",
};
const keychain = await openKeychain({
  ...needs,
  clock: systemClock(),
  notice: console.error,
  directory: await Deno.makeTempDir(),
  systemKeychain: () => openSystemKeychain(needs),
});
console.log(`${keychain.kind} ${(await keychain.probe()).state}`);
