import assert from "node:assert/strict";
import type { Change, ConnectRequest } from "../../../../src/connect/tool.ts";
import { connectDatabricks } from "../../../../src/connect/tools/databricks.ts";
import { environmentOf } from "../../../fakes/machine/environment.ts";

function changeFor(
  profile: string | undefined,
  variables: Readonly<Record<string, string>> = {},
): Change & { kind: "settings" } {
  const request: ConnectRequest = {
    fob: "/bin/fob",
    origins: [],
    folder: "/state",
    environment: environmentOf({ HOME: "/h", ...variables }),
    system: "linux",
    ...(profile === undefined ? {} : { profile }),
  };
  const [change] = connectDatabricks.connect(request);
  assert.ok(change?.kind === "settings");
  return change;
}

Deno.test("databricks is connected in the file of its profiles", () => {
  assert.equal(changeFor("a").path, "/h/.databrickscfg");
  assert.equal(changeFor("a", { DATABRICKS_CONFIG_FILE: "~/x" }).path, "/h/x");
  assert.equal(changeFor("a", { DATABRICKS_CONFIG_FILE: "/etc/x" }).path, "/etc/x");
});

Deno.test("DEFAULT is a profile with its own header, or with keys above the first header", () => {
  for (const text of ["host = https://h.example\n", "[DEFAULT]\nhost = https://h.example\n"]) {
    assert.deepEqual(changeFor(undefined).edits(text), [
      { key: ["DEFAULT", "databricks_cli_path"], value: "/bin/fob" },
    ]);
  }
  for (const text of ["", "# [DEFAULT]\n", "[other]\nhost = https://h.example\n"]) {
    assert.throws(() => changeFor(undefined).edits(text), { code: "declined" });
  }
});
