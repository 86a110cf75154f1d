import { equal } from "node:assert/strict";
import { wantsColor } from "../../../src/system/terminal.ts";
import { environmentOf } from "../../fakes/machine/environment.ts";

Deno.test("the environment turns colors on or off, and NO_COLOR takes precedence", () => {
  const cases: [Record<string, string>, boolean | undefined][] = [
    [{}, undefined],
    [{ TERM: "xterm" }, undefined],
    [{ TERM: "dumb" }, false],
    [{ CLICOLOR: "1" }, undefined],
    [{ CLICOLOR: "0" }, false],
    [{ FORCE_COLOR: "1", TERM: "dumb" }, true],
    [{ FORCE_COLOR: "0" }, false],
    [{ CLICOLOR_FORCE: "1", CLICOLOR: "0" }, true],
    [{ NO_COLOR: "1", FORCE_COLOR: "1", CLICOLOR_FORCE: "1" }, false],
    [{ NO_COLOR: "" }, undefined],
  ];
  for (const [variables, wanted] of cases) {
    equal(wantsColor(environmentOf(variables)), wanted, JSON.stringify(variables));
  }
});
