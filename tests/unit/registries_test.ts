/** Each extension point is one registry: these tests fail if an entry needs more than its file and one line. */
import { deepEqual, ok } from "node:assert/strict";
import { agents } from "../../src/agents/agents.ts";
import { profileSources } from "../../src/composition/profile_sources.ts";
import { protocolNames, protocols } from "../../src/protocols/protocols.ts";
import { platforms } from "../../src/providers/platforms.ts";

const top = new URL("../../", import.meta.url);

async function sourcesIn(folder: string): Promise<[path: string, text: string][]> {
  const found: [string, string][] = [];
  for await (const { name, isDirectory } of Deno.readDir(new URL(folder, top))) {
    const path = `${folder}${name}`;
    if (isDirectory) found.push(...await sourcesIn(`${path}/`));
    else if (name.endsWith(".ts")) found.push([path, await Deno.readTextFile(new URL(path, top))]);
  }
  return found;
}

const sources = await sourcesIn("src/");
const guides = [".github/GUIDE.md"];
for await (const { name } of Deno.readDir(new URL(".github/guide/", top))) {
  guides.push(`.github/guide/${name}`);
}
const guide = (await Promise.all(guides.map((it) => Deno.readTextFile(new URL(it, top))))).join(
  "\n",
);
const readme = await Deno.readTextFile(new URL("README.md", top));

/** The shipped files outside `own` that match `pattern`. */
function filesWith(pattern: RegExp, own: readonly string[]): string[] {
  return sources.filter(([path, text]) =>
    pattern.test(text) && !own.some((prefix) => path.startsWith(prefix))
  ).map(([path]) => path);
}

/** The files outside a platform's own that may name it, each with the reason. */
const mayName: Readonly<Record<string, string>> = {
  "src/composition/profile_sources.ts": "the registry of profile files",
  "src/connect/tools/databricks.ts": "the tool of that name",
  "src/migrate/sources/astro.ts": "the tool of that name",
  "src/migrate/sources/databricks.ts": "the tool of that name",
  "src/credentials/login_request.ts": "oidc, the provider of a server of no known platform",
  "src/profiles/profile_file.ts": "oidc, the default provider of a profile",
  "src/cli/auth/login.ts": "oidc, with options that conflict with a pasted token",
};

/** Files that name a CI service or a shell with the same name as a platform. */
const namesakes: Readonly<Record<string, readonly string[]>> = {
  github: [
    "src/cli/auth/env.ts",
    "src/cli/ui/report.ts",
    "src/oauth/pipeline_identity.ts",
    "src/profiles/workload_identity.ts",
    "src/protocols/shell_variables.ts",
    "src/providers/databricks/platform.ts",
    "src/providers/platform.ts",
    "src/providers/workload_identity.ts",
  ],
  gitlab: ["src/cli/ui/report.ts", "src/oauth/workload_identity.ts"],
  oidc: ["src/oauth/metadata.ts"],
};

for (const { id } of platforms) {
  Deno.test(`only the files of ${id} name it`, () => {
    const own = ["src/databricks/", "src/cli/databricks/", `src/providers/${id}`];
    const others = [...Object.keys(mayName), ...namesakes[id] ?? []];
    deepEqual(filesWith(new RegExp(`["'\`]${id}["'\`]`), [...own, ...others]), []);
  });
}

Deno.test("each file that may name a platform does", () => {
  const ids = platforms.map(({ id }) => id).join("|");
  const naming = filesWith(new RegExp(`"(${ids})"|\\b(${ids}):`), []);
  const needed = [...Object.keys(mayName), ...Object.values(namesakes).flat()];
  deepEqual(needed.filter((path) => !naming.includes(path)), []);
});

Deno.test("each profile source is for a known platform", () => {
  for (const { provider } of profileSources) {
    ok(platforms.some(({ id }) => id === provider), provider);
  }
});

for (const name of protocolNames) {
  Deno.test(`the protocol ${name} needs only its file, one line in the registry and its documentation`, () => {
    const loading = new RegExp(`protocols/${name}\\.ts"|"\\./${name}\\.ts"`);
    const own = ["src/protocols/protocols.ts", "src/connect/", "src/migrate/"];
    deepEqual(filesWith(loading, [...own, "src/agents/", "src/doctor/"]), []);
    ok(guide.includes(`| \`${name}\` `), `the guide has no row for ${name}`);
    const { program } = protocols[name];
    ok(program === undefined || guide.includes(`\`${program}\``), `the guide lacks ${program}`);
  });
}

for (const [name, { program, title, places }] of Object.entries(agents)) {
  Deno.test(`the agent ${name} needs only its file, one line in the registry and its documentation`, () => {
    const loading = new RegExp(`agents/${name}\\.ts"|"\\./${name}\\.ts"`);
    const own = ["src/agents/agents.ts", "src/connect/tools"];
    deepEqual(filesWith(loading, own), []);
    ok(program === name, `${name} is under another name`);
    ok(guide.includes(program) && (readme + guide).includes(title), `the documents lack ${title}`);
    for (const id of Object.keys(places)) ok(platforms.some((it) => it.id === id), id);
  });
}

Deno.test("a platform needs only its files, one line in the registry and its documentation", () => {
  for (const { id, title } of platforms) {
    const loading = new RegExp(`providers/${id}(/platform)?\\.ts"|"\\./${id}(/platform)?\\.ts"`);
    deepEqual(
      filesWith(loading, ["src/providers/platforms.ts", "src/migrate/", "src/connect/"]),
      [],
    );
    ok(id === "oidc" || (readme + guide).includes(title), `the documents lack ${title}`);
  }
});

Deno.test("a keychain needs only its file and one line", () => {
  for (
    const [path] of sources.filter(([path]) =>
      /^src\/stores\/\w+\/.*(keychain|service|manager)\.ts$/.test(path)
    )
  ) {
    const name = path.slice(path.lastIndexOf("/") + 1);
    deepEqual(
      filesWith(new RegExp(`await import\\("[^"]*/${name}"`), ["src/stores/open_store.ts"]),
      [],
    );
  }
});

Deno.test("each doctor check and plaintext scanner is in its registry, or part of another check", () => {
  const files = sources.filter(([path]) => path.startsWith("src/doctor/"));
  const exported =
    /^export (?:async )?(?:function (check[A-Z]\w*)|const (\w+): PlaintextScanner\b)/gm;
  const names = files.flatMap(([path, text]) =>
    [...text.matchAll(exported)].map(([, one, other]) => [path, one ?? other ?? ""] as const)
  );
  ok(names.length > 8, names.join());
  for (const [path, name] of names) {
    const used = files.filter(([other, text]) =>
      other !== path && new RegExp(`[[, .]${name}[\\],(]`).test(text)
    );
    ok(used.length > 0, `${path}: ${name}`);
  }
});
