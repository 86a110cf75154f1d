import assert from "node:assert/strict";
import { Command } from "@commander-js/extra-typings";
import { addHelper } from "../../../../src/cli/tools/helper_command.ts";
import { protocolNames, protocols } from "../../../../src/protocols/protocols.ts";

Deno.test("helper help lists the least lifetime of each protocol", () => {
  const program = new Command();
  addHelper(program);
  const [helper] = program.commands;
  let help = "";
  helper?.configureOutput({ writeOut: (text) => void (help += text) }).outputHelp();
  for (const name of protocolNames) {
    const minutes = protocols[name].minTtl / 60_000;
    const line = help.split("\n").find((it) => it.trim().startsWith(`${minutes}m `)) ?? "";
    assert.ok(line.split(/[\s,]+/).includes(name), `${name} ${minutes}m`);
  }
});
