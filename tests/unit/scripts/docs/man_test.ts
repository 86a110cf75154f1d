import { equal, match } from "node:assert/strict";
import { commandTree, leavesOf } from "../../../../scripts/docs/command_tree.ts";
import { manualPages } from "../../../../scripts/docs/man.ts";
import { inCapitals } from "../../../../src/cli/help.ts";
import { missingRigs } from "../../../rigs/rigs.ts";

const day = "2026-11-22";
const isMissing = (await missingRigs()).includes("manual");
const ignore = isMissing && Deno.env.get("FOB_RIGS") !== "required";

Deno.test("fob and every command have a manual page with all options", () => {
  const pages = manualPages(day);
  const leaves = leavesOf(commandTree());
  equal(Object.keys(pages).length, leaves.length + 1);
  for (const { name, command } of leaves) {
    const page = pages[`${name.replaceAll(" ", "-")}.1`] ?? "";
    for (const { flags, hidden } of command.options) {
      const shown = inCapitals(flags).replaceAll("-", "\\-");
      equal(page.includes(`\\fB${shown}\\fR`), !hidden, `${name} ${flags}`);
    }
  }
});

Deno.test("manual pages of the same day are identical", () => {
  equal(JSON.stringify(manualPages(day)), JSON.stringify(manualPages(day)));
  match(manualPages(day)["fob.1"] ?? "", /^\.TH FOB 1 2026-11-22 /);
});

Deno.test({
  name: "mandoc and groff render every manual page without warnings",
  ignore,
  fn: async () => {
    await using folder = await temporaryFolder();
    const pages = Object.entries(manualPages(day));
    const paths = pages.map(([name]) => `${folder.path}/${name}`);
    for (const [i, [, text]] of pages.entries()) await Deno.writeTextFile(paths[i] ?? "", text);
    equal(await output("mandoc", "-T", "lint", "-W", "warning", ...paths), "");
    equal(await output("groff", "-ww", "-z", "-man", ...paths), "");
    const shown = await output("mandoc", "-T", "ascii", `${folder.path}/fob-auth-login.1`);
    match(shown.replaceAll(/.[\b]/g, ""), /fob auth login \[options\] \[PROFILE\|HOST\]/);
  },
});

async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await Deno.makeTempDir({ prefix: "fob-man-" });
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

/** The stdout and stderr of a program. */
async function output(program: string, ...args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await new Deno.Command(program, { args: [...args] }).output();
  return new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
}
