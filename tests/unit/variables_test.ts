import { deepEqual, ok } from "node:assert/strict";
import { variableGroups } from "../../src/variables.ts";

const top = new URL("../../", import.meta.url);

const table: readonly { readonly name: string; readonly about: string }[] = Object.values(
  variableGroups,
).flat();

/** Names in the source that look like variables of fob's environment, and what they are instead. */
const otherNames: readonly (readonly [what: string, names: RegExp])[] = [
  [
    "set or removed for a coding agent",
    /^(ANTHROPIC|CLAUDE_CODE|CODEX_API|COPILOT_PROVIDER_(API|AZURE|BEARER)|GOOGLE|NODE_TLS|OPENAI)_/,
  ],
  [
    "set for the programs that fob starts",
    /^(FOB_(ADDRESS|PASSED_ON|PI_PROVIDER|SERVE_KEY|SERVE_URL)|DATABRICKS_METADATA_SERVICE_URL|ALL_PROXY|SSL_CERT_FILE)$/,
  ],
  [
    "an error code or a value of Databricks",
    /^(BAD_REQUEST|INVALID_PARAMETER_VALUE|PERMISSION_DENIED|PIPELINE_MAINTENANCE|QUOTA_EXCEEDED|RESOURCE_DOES_NOT_EXIST|SINGLE_USER|TEMPORARILY_UNAVAILABLE|USER_ISOLATION)$/,
  ],
];

Deno.test("the table has every environment variable that the source names", async () => {
  const known = new Set(table.map(({ name }) => name));
  const named = new Set<string>();
  for (const folder of ["src", "ffi"]) {
    for (const path of await typescriptIn(new URL(`${folder}/`, top))) {
      if (path.pathname.endsWith("/src/variables.ts")) continue;
      const text = await Deno.readTextFile(path);
      const texts = text.matchAll(
        /\.get\("([A-Za-z_][A-Za-z_0-9]*)"\)|"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)"/g,
      );
      for (const [, read, written] of texts) {
        const name = read ?? written ?? "";
        if (/^[A-Z]/.test(name)) named.add(name);
      }
    }
  }
  const unknown = [...named].filter((name) =>
    !known.has(name) && !otherNames.some(([, names]) => names.test(name))
  );
  deepEqual(unknown.sort(), []);
});

Deno.test("each variable is in the table once, with a text that fits a help line", () => {
  deepEqual(table.length, new Set(table.map(({ name }) => name)).size);
  for (const { name, about } of table) {
    ok(/^[a-zA-Z0-9]/.test(about) && !/[^.]\.$/.test(about), `${name}: ${about}`);
    ok(about.length <= 72, `${name}: ${about}`);
  }
});

async function typescriptIn(folder: URL): Promise<URL[]> {
  const found: URL[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) found.push(...await typescriptIn(new URL(`${name}/`, folder)));
    else if (name.endsWith(".ts")) found.push(new URL(name, folder));
  }
  return found;
}
