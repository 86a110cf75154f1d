/** Each shell reads the output of `fob auth env`, and its variables are compared byte by byte. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { formatVariables, type Shell } from "../../../src/protocols/shell_variables.ts";
import { makeTemporaryDirectory } from "../../fakes/machine/temporary_directory.ts";
import { missingRigs } from "../../rigs/rigs.ts";

/** Characters that are special in a shell or unusual. */
const value = fc.string({
  unit: fc.constantFrom(
    ...Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index)),
    ..." \t\u00e9\u2019\u{1f511}\u001b\u007f",
    ..."'\"\\$`!",
    ..."'\"\\$`!",
  ),
  minLength: 1,
  maxLength: 12,
});

/** The command of each shell to read the file in its argument. */
const readers: Readonly<Record<string, { form: Shell; argv: readonly string[] }>> = {
  bash: { form: "bash", argv: ["bash", "--norc", "-euc", 'eval "$(cat "$0")"'] },
  "bash as sh": {
    form: "bash",
    argv: ["bash", "--posix", "-euc", 'eval "$(cat "$0")"'],
  },
  dash: { form: "bash", argv: ["dash", "-euc", 'eval "$(cat "$0")"'] },
  zsh: { form: "bash", argv: ["zsh", "-feuc", 'eval "$(cat "$0")"'] },
  fish: { form: "fish", argv: ["fish", "--no-config", "-c", "cat $argv[1] | source"] },
  "bash, of a dotenv file": {
    form: "dotenv",
    argv: ["bash", "--norc", "-euc", 'set -a; . "$0"'],
  },
};

const isMissing = (await missingRigs()).includes("shells");

for (const [name, { form, argv }] of Object.entries(readers)) {
  Deno.test({
    name: `${name} reads every value unchanged, and removes unset variables`,
    ignore: isMissing,
    fn: async () => {
      await using folder = await makeTemporaryDirectory();
      const values = fc.sample(value, 60).map((it, index) => [`V${index}`, it] as const);
      const set = Object.fromEntries(values);
      const file = `${folder.path}/variables`;
      await Deno.writeTextFile(file, formatVariables({ set, unset: ["STALE", "ABSENT"] }, form));
      const names = [...Object.keys(set), "STALE"];
      const [command = "", ...args] = argv;
      const script = `${args.pop()}; exec env -0`;
      const child = new Deno.Command(command, {
        args: [...args, script, file],
        env: { PATH: Deno.env.get("PATH") ?? "", HOME: folder.path, STALE: "old" },
        clearEnv: true,
      });
      const { stdout, stderr, code } = await child.output();
      assert.equal(code, 0, new TextDecoder().decode(stderr));
      const found = new Map(
        new TextDecoder().decode(stdout).split("\0").map((line) => {
          const at = line.indexOf("=");
          return [line.slice(0, at), line.slice(at + 1)] as const;
        }),
      );
      const stale = form === "dotenv" ? "" : undefined;
      for (const name of names) assert.equal(found.get(name), name in set ? set[name] : stale);
    },
  });
}

Deno.test("Deno reads a dotenv file unchanged", async () => {
  await using folder = await makeTemporaryDirectory();
  // dotenv readers differ in single quotes; no token has one.
  const plain = value.map((it) => it.replaceAll(/['\\$"\p{Cc}\p{Zs}]/gu, "-"));
  const set = Object.fromEntries(fc.sample(plain, 40).map((it, index) => [`V${index}`, it]));
  await Deno.writeTextFile(`${folder.path}/.env`, formatVariables({ set, unset: [] }, "dotenv"));
  const script = `${folder.path}/print.ts`;
  await Deno.writeTextFile(script, "console.log(JSON.stringify(Deno.env.toObject()))");
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-config", "--allow-env", `--env-file=${folder.path}/.env`, script],
  }).output();
  const found = JSON.parse(new TextDecoder().decode(stdout)) as Record<string, string>;
  for (const name of Object.keys(set)) assert.equal(found[name], set[name]);
});
