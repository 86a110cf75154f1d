/**
 * Writes 20,000 bytes repeatedly to the service and account in its arguments, until it is killed. Each
 * secret repeats one name. It starts after the first line on stdin, which may be a number of native
 * calls. After that number, it stops and waits to be killed.
 */
import { Advapi32 } from "../../ffi/advapi32.ts";
import { Secret } from "../../src/secret.ts";
import { CredentialManagerStore } from "../../src/stores/windows/credential_manager.ts";
import { intercept } from "../fakes/stores/intercepted_credentials.ts";
import { lines } from "./lines.ts";

const [service = "", account = "", writer = ""] = Deno.args;
const { value: line = "" } = await lines(Deno.stdin.readable).next();
let left = line.trim() === "" ? Infinity : Number(line);

function stopInTime<T>(call: () => T): T {
  if (left-- === 0) {
    console.log("stopped");
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  }
  return call();
}

const open = (): ReturnType<typeof intercept> => intercept(new Advapi32(), stopInTime);
const store = new CredentialManagerStore({ service, open });
console.log("writing");
for (let round = 0;; round++) {
  const name = `${writer}.${round} `;
  await store.set(account, new Secret(name.repeat(20_000 / name.length)));
}
