import assert from "node:assert/strict";
import { hasSessionBus } from "../../../../src/stores/linux/session_bus.ts";
import { environmentOf } from "../../../fakes/machine/environment.ts";
import { makeTemporaryDirectory } from "../../../fakes/machine/temporary_directory.ts";

Deno.test("a bus address counts as a bus, unless it would start one or disables it", () => {
  const addresses = {
    "unix:path=/run/user/1/bus": true,
    "tcp:host=127.0.0.1,port=1": true,
    "autolaunch:": false,
    "autolaunch:scope=*user": false,
    "disabled:": false,
  };
  for (const [address, isBus] of Object.entries(addresses)) {
    const environment = environmentOf({ DBUS_SESSION_BUS_ADDRESS: address });
    assert.equal(hasSessionBus(environment), isBus, address);
  }
});

Deno.test("without a bus address, the socket in the runtime directory is the bus", async () => {
  await using directory = await makeTemporaryDirectory();
  const environment = environmentOf({ XDG_RUNTIME_DIR: directory.path });
  assert.equal(hasSessionBus(environment), false);
  using _listener = Deno.listen({ transport: "unix", path: `${directory.path}/bus` });
  assert.equal(hasSessionBus(environment), true);
});

Deno.test("a file that is not a socket is not a bus, nor is a missing one", async () => {
  await using directory = await makeTemporaryDirectory();
  await Deno.writeTextFile(`${directory.path}/bus`, "");
  assert.equal(hasSessionBus(environmentOf({ XDG_RUNTIME_DIR: directory.path })), false);
  assert.equal(hasSessionBus(environmentOf({})), false);
});

Deno.test("an address that disables the bus overrides the socket", async () => {
  await using directory = await makeTemporaryDirectory();
  using _listener = Deno.listen({ transport: "unix", path: `${directory.path}/bus` });
  const variables = { XDG_RUNTIME_DIR: directory.path, DBUS_SESSION_BUS_ADDRESS: "disabled:" };
  assert.equal(hasSessionBus(environmentOf(variables)), false);
});
