/**
 * Times fob's frequent commands beside comparable programs in one run, and writes the results to `.github/BENCH.md` and
 * `.github/bench.svg`. The argument is the number of rounds.
 */
import { bundleArguments } from "../../tests/acceptance/runner/fob_command.ts";
import { gitAsks } from "../../tests/interop/helpers/tool_calls.ts";
import { type LoginHome, openLoginHome } from "../../tests/interop/login/login_home.ts";
import { missingRigs } from "../../tests/rigs/rigs.ts";
import { bundle } from "../release/bundle.ts";
import { copyAsBinary } from "./as_binary.ts";
import { measure } from "./contender.ts";
import { contenders, type Field } from "./contenders.ts";
import { describeMachine } from "./machine.ts";
import { plot } from "./plot.ts";
import { report } from "./report.ts";
import type { Results } from "./results.ts";
import { storms } from "./storms.ts";

const minute = 60_000;
const output = new URL("../../.github/", import.meta.url);

async function openField(
  folder: string,
  cleanups: AsyncDisposableStack,
  note: Field["note"],
): Promise<Field> {
  const file = cleanups.use(await openLoginHome("plaintext file"));
  const keyring = cleanups.use(await openLoginHome("Secret Service"));
  for (const home of [file, keyring]) await home.signInTo(gitAsks.host, minute);
  const main = await copyAsBinary(folder);
  const whole = [Deno.execPath(), ...await bundleArguments((path) => path)];
  const script = `${folder}/empty.js`;
  await Deno.writeTextFile(script, "");
  return {
    whole,
    fob: [...withoutCache(whole).slice(0, -1), main],
    empty: withoutCache([Deno.execPath(), "run", "-q", "--no-config", "--no-lock", "-A", script]),
    file,
    keyring,
    tokens: { file: await tokenKeptIn(file), keyring: await tokenKeptIn(keyring) },
    folder,
    cleanups,
    note,
  };
}

/** A fob binary has no V8 code cache: see `scripts/release/compile.ts`. */
function withoutCache([program = "", run = "", ...words]: readonly string[]): string[] {
  return [program, run, "--no-code-cache", ...words];
}

async function tokenKeptIn(home: LoginHome): Promise<string> {
  return (await home.kept()).tokens.accessToken.reveal();
}

async function run(rounds: number): Promise<Results> {
  await using cleanups = new AsyncDisposableStack();
  const [load = 0] = Deno.loadavg();
  const folder = await Deno.makeTempDir({ prefix: "fob-bench-" });
  cleanups.defer(() => Deno.remove(folder, { recursive: true }));
  const notes: string[] = [];
  const field = await openField(folder, cleanups, (sentence) => notes.push(sentence));
  const measured = await measure(await contenders(field), rounds);
  const home = cleanups.use(await openLoginHome("Secret Service"));
  const found = await storms({ ...field, home }, Math.min(3, Math.ceil(rounds / 10)));
  return { measured, storms: found, rounds, notes, machine: await describeMachine(load) };
}

if ((await missingRigs()).includes("keyring")) {
  throw new Error("There is no keyring to compare on: run deno task rigs");
}
await bundle();
const results = await run(Number(Deno.args[0] ?? 40));
const [table, picture] = [new URL("BENCH.md", output), new URL("bench.svg", output)];
await Deno.writeTextFile(table, report(results));
await Deno.writeTextFile(
  picture,
  plot(results.measured.filter(({ contender }) => !/^\d+$/.test(contender.name))),
);
const { success } = await new Deno.Command(Deno.execPath(), {
  args: ["fmt", "-q", table.pathname, picture.pathname],
}).output();
if (!success) throw new Error("The table and the plot cannot be formatted");
// deno-lint-ignore no-console
console.log(await Deno.readTextFile(table));
