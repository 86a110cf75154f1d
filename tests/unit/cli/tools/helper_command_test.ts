import assert from "node:assert/strict";
import { protocolNames } from "../../../../src/cli/tools/helper_call.ts";
import { validities } from "../../../../src/cli/tools/helper_command.ts";
import type { Protocol } from "../../../../src/protocols/protocol.ts";

Deno.test("the help says of each protocol how long its tokens still live", async () => {
  for (const name of protocolNames) {
    const module = await import(`../../../../src/protocols/${name}.ts`) as Record<string, Protocol>;
    const minutes = (module[name]?.minTtl ?? NaN) / 60_000;
    const line = validities.split("\n").find((it) => it.trim().startsWith(`${minutes}m `)) ?? "";
    assert.ok(line.split(/[\s,]+/).includes(name), `${name} ${minutes}m`);
  }
});
