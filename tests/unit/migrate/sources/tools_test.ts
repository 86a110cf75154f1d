import assert from "node:assert/strict";
import fc from "fast-check";
import { FobError } from "../../../../src/errors.ts";
import { accountFor, keepEntry } from "../../../../src/helpers/tool_entry.ts";
import { migrate, type MigrateNeeds, undoMigration } from "../../../../src/migrate/migrate.ts";
import { planMigration } from "../../../../src/migrate/plan.ts";
import type { Finding, PlaceOf, Source } from "../../../../src/migrate/source.ts";
import { cargoCredentials } from "../../../../src/migrate/sources/cargo.ts";
import { dockerConfig } from "../../../../src/migrate/sources/docker.ts";
import { gitCredentials } from "../../../../src/migrate/sources/git.ts";
import { terraformCredentials } from "../../../../src/migrate/sources/terraform.ts";
import { targetOfText } from "../../../../src/protocols/target.ts";
import { Secret } from "../../../../src/secret.ts";
import { readTomlValues } from "../../../../src/text/formats/toml_format.ts";
import { FakeClock } from "../../../fakes/machine/clock.ts";
import { environmentOf } from "../../../fakes/machine/environment.ts";
import { MemoryLocks } from "../../../fakes/machine/memory_locks.ts";
import { MemoryTextFile } from "../../../fakes/machine/memory_text_file.ts";
import { MemoryUserFile } from "../../../fakes/machine/memory_user_file.ts";
import { MemoryNotes } from "../../../fakes/machine/tool_machine.ts";
import { noon } from "../../../fakes/stores/credentials.ts";
import { MemoryStore } from "../../../fakes/stores/memory_store.ts";

const placeOf: PlaceOf = (address) => {
  try {
    return targetOfText(address);
  } catch (error) {
    if (error instanceof FobError) return undefined;
    throw error;
  }
};

const git = gitCredentials({ placeOf });
const docker = dockerConfig({ placeOf });
const terraform = terraformCredentials({ placeOf });
const cargo = cargoCredentials({ placeOf, readToml: readTomlValues });

/** The findings in texts: the account and the secret, or the obstacle. */
function found(source: Source, ...texts: readonly string[]): string[][] {
  const files = texts.map((text, i) => ({ path: `file${i}`, text }));
  return source.find(files, noon).map(({ entry, obstacle, secret, places }: Finding) => [
    places.map(({ key }) => key).join("; "),
    obstacle ?? (entry === undefined ? "nothing" : accountFor(entry)),
    secret.reveal(),
  ]);
}

/** A machine with the files of a tool. */
class Machine implements MigrateNeeds {
  readonly clock = new FakeClock(noon);
  readonly locks = new MemoryLocks();
  readonly notes = new MemoryNotes();
  readonly uninterrupted = <T>(work: () => Promise<T>): Promise<T> => work();
  readonly store = new MemoryStore();
  readonly profileFile = new MemoryUserFile("");
  readonly files: readonly MemoryTextFile[];
  readonly source: Source;

  constructor(source: Source, ...texts: readonly string[]) {
    this.source = source;
    this.files = texts.map((text, i) => new MemoryTextFile(text, `file${i}`));
  }

  async run(): Promise<void> {
    await migrate(await planMigration({ profiles: [], take: [] }, this), "remove", this);
  }

  get texts(): string[] {
    return this.files.map(({ text }) => text);
  }
}

/** Migrates, checks the stored accounts and the remaining texts, and undoes the migration. */
async function assertMoved(
  source: Source,
  texts: readonly string[],
  accounts: readonly string[],
  left: readonly string[],
): Promise<void> {
  const machine = new Machine(source, ...texts);
  await machine.run();
  assert.deepEqual(await machine.store.list(), accounts);
  assert.deepEqual(machine.texts, left);
  await machine.run();
  assert.deepEqual(machine.texts, left);
  await undoMigration(machine);
  assert.deepEqual(machine.texts, texts);
}

Deno.test("each tool's files are found where the tool looks for them", () => {
  const paths = (source: Source, more: Record<string, string> = {}): string[] =>
    source.paths(environmentOf({ HOME: "/h", ...more }), "linux");
  assert.deepEqual(paths(git), ["/h/.git-credentials", "/h/.config/git/credentials"]);
  assert.equal(paths(git, { XDG_CONFIG_HOME: "/x" })[1], "/x/git/credentials");
  assert.deepEqual(paths(docker), ["/h/.docker/config.json"]);
  assert.deepEqual(paths(docker, { DOCKER_CONFIG: "/d" }), ["/d/config.json"]);
  assert.deepEqual(paths(terraform), ["/h/.terraform.d/credentials.tfrc.json"]);
  assert.deepEqual(paths(cargo, { CARGO_HOME: "/c" }), [
    "/c/credentials",
    "/c/credentials.toml",
    "/c/config",
    "/c/config.toml",
  ]);
});

Deno.test("git: a URL with a password is an entry for its host and user, and an odd URL is skipped", () => {
  const text = [
    "https://me:s%2Fecret@github.com",
    "https://me@example.com",
    "https://me:@example.org",
    "https://me:secret@git.example.com:8443/path\r",
    "not a url",
    "https://host.example:8443/a:b@c",
    "http://me:secret@plain.example.com",
    "https://me:secret@",
    "https://me:s%0aecret@git.example.net",
    // git and other programs disagree about the end of these passwords.
    "https://me:se@cret@git.example.com",
    "https://me:se@cr/et@git.example.org",
    "https://me:s@e#cret@git.example.org",
  ].join("\n");
  assert.deepEqual(found(git, text).map(([key, what]) => [key, what]), [
    ["github.com", "git:https://github.com me"],
    ["git.example.com:8443", "git:https://git.example.com:8443/path me"],
    ["plain.example.com", "no-address"],
    ["a file", "no-address"],
    ["git.example.net", "ambiguous"],
    ["a line that is not a URL", "ambiguous"],
    ["a line that is not a URL", "ambiguous"],
    ["a line that is not a URL", "ambiguous"],
  ]);
  assert.equal(found(git, text)[0]?.[2], "s/ecret");
});

Deno.test("git: migrated lines are removed, and undo restores them byte for byte", async () => {
  const text = "# mine\r\nhttps://me:a@a.example\r\nhttp://me:b@b.example\nhttps://me:a@a.example";
  const left = "# mine\r\nhttp://me:b@b.example\n";
  await assertMoved(git, [text, ""], ["git:https://a.example me"], [left, ""]);
});

Deno.test("git: of two passwords for one user the first is migrated, as git uses it", () => {
  const lines = "https://me:a@a.example\nhttps://me:b@a.example\n";
  assert.deepEqual(found(git, lines).map(([, account]) => account), [
    "git:https://a.example me",
    "git:https://a.example me",
  ]);
});

Deno.test("a secret that fob already stores for the same place is not replaced and stays in the file", async () => {
  const text = "https://me:old@a.example\nhttps://me:b@b.example\n";
  const machine = new Machine(git, text, "");
  const place = targetOfText("https://a.example");
  assert.ok(place);
  const given = { tool: "git", place, username: "me", secret: new Secret("new"), namesUsers: true };
  const { store, locks, clock, uninterrupted } = machine;
  await keepEntry(given, {
    store: () => Promise.resolve(store),
    locks: () => locks,
    clock,
    uninterrupted,
  });
  const { steps } = await planMigration({ profiles: [], take: [] }, machine);
  assert.deepEqual(steps.map(({ prospect }) => prospect.kind), ["refused", "keep"]);
  await machine.run();
  assert.deepEqual(machine.texts, ["https://me:old@a.example\n", ""]);
});

Deno.test("docker: a login is migrated in the form that docker gives to its helper", async () => {
  const config = {
    auths: {
      "https://index.docker.io/v1/": { auth: btoa("me:secret:x") },
      "ghcr.io": { auth: btoa("me:"), identitytoken: "refresh", email: "me@example.com" },
      "quay.io": { auth: "" },
      "kept.example": {},
      "odd.example": { auth: "canary" },
      "two.example": { auth: btoa("me:a"), identitytoken: "b" },
      "reg.example": { registrytoken: "r" },
    },
    HttpHeaders: { auth: "no" },
  };
  const text = `${JSON.stringify(config, undefined, "\t")}\r\n`;
  assert.deepEqual(found(docker, text), [
    ["https://index.docker.io/v1/ auth", "docker:https://index.docker.io/v1/ me", "secret:x"],
    ["ghcr.io identitytoken", "docker:https://ghcr.io <token>", "refresh"],
    ["odd.example auth", "unsupported", "canary"],
    ["two.example auth", "ambiguous", btoa("me:a")],
    ["two.example identitytoken", "ambiguous", "b"],
    ["reg.example registrytoken", "unsupported", "r"],
  ]);
  const accounts = ["docker:https://ghcr.io <token>", "docker:https://index.docker.io/v1/ me"];
  const left = text.replace(btoa("me:secret:x"), "").replace('"refresh"', '""');
  await assertMoved(docker, [text], accounts, [left]);
});

Deno.test("docker: invalid JSON is rejected without quoting it", () => {
  assert.throws(() => found(docker, '{"auths": hunter2'), {
    message: 'Cannot read "file0": it is not JSON',
  });
});

/** Hosts with tokens, as terraform writes them. */
function hosts(...names: readonly string[]): string {
  const credentials = Object.fromEntries(names.map((name) => [name, { token: `t-${name}` }]));
  return JSON.stringify({ credentials }, undefined, 2);
}

Deno.test("terraform: the whole entry of a host is removed, and the rest stays JSON", async () => {
  const accounts = ["terraform:https://a.example", "terraform:https://b.example:8443"];
  const text = hosts("a.example", "b.example:8443");
  await assertMoved(terraform, [text], accounts, ['{\n  "credentials": {\n    \n    \n  }\n}']);
  const odd =
    '{"credentials": {"x.example": {"token": "x", "more": 1}, "a.example":{"token":"a"} } }';
  assert.deepEqual(found(terraform, odd).map(([, what]) => what), [
    "ambiguous",
    "terraform:https://a.example",
  ]);
  const left = '{"credentials": {"x.example": {"token": "x", "more": 1}  } }';
  await assertMoved(terraform, [odd], ["terraform:https://a.example"], [left]);
});

Deno.test("cargo: a token is migrated for the index of its registry; crates.io has cargo's own name", async () => {
  const credentials = [
    "# mine",
    "[registry]",
    'token = "cio-canary" # odd',
    "[registries.r]",
    "  token='Bearer x'",
    '[registries."s"]',
    'secret-key = "k3"',
    "[registries.unknown]",
    'token = "u"',
    "",
  ].join("\r\n");
  const config = '[registries]\nr = { index = "sparse+https://r.example/index/" }\n';
  const texts = ["", credentials, "", config];
  assert.deepEqual(found(cargo, ...texts), [
    ["registry.token", "cargo:https://github.com/rust-lang/crates.io-index", "cio-canary"],
    ["registries.r.token", "cargo:https://r.example/index/", "Bearer x"],
    ["registries.s.secret-key", "unsupported", "k3"],
    ["registries.unknown.token", "no-address", "u"],
  ]);
  const left = credentials.split("\r\n").filter((line) => !/cio-canary|Bearer/.test(line)).join(
    "\r\n",
  );
  const accounts = [
    "cargo:https://github.com/rust-lang/crates.io-index",
    "cargo:https://r.example/index/",
  ];
  await assertMoved(cargo, texts, accounts, ["", left, "", config]);
});

Deno.test("cargo: invalid TOML is rejected, and an inline table is ambiguous", () => {
  assert.throws(() => found(cargo, "", "token = hunter2", "", ""), {
    message: 'Cannot read "file1": it is not TOML',
  });
  const inline = 'registries.r = { token = "t" }\n';
  assert.deepEqual(found(cargo, "", inline, "", "").map(([, what]) => what), ["ambiguous"]);
});

const marker = "S3CR";
const marks = fc.string({ unit: fc.constantFrom(..."@:/?#\\ \"'=;[]{}%\n"), maxLength: 3 });
const around = fc.string({ unit: "grapheme", maxLength: 20 });
/** Passwords with a marker that is in no other text. */
const secrets = fc.tuple(around, marks, marks, around)
  .map(([before, mark, next, after]) => before + mark + marker + next + after);

const writers: readonly [Source, (host: string, secret: string) => string][] = [
  // The text between an @ and a line break cannot be distinguished from the host of another line.
  [git, (host, secret) => `https://me:${secret.replaceAll(/(?<=@[^]*)\n/g, "")}@${host}\n`],
  [git, (host, secret) => `https://me:${encodeURIComponent(secret)}@${host}/x\n`],
  [
    docker,
    (host, secret) => JSON.stringify({ auths: { [host]: { auth: secret, password: secret } } }),
  ],
  [docker, (host, secret) => `{"auths": {"${host}": {"auth": "${secret}"}}}`],
  [terraform, (host, token) => JSON.stringify({ credentials: { [host]: { token } } })],
  [terraform, (host, secret) => `{"credentials": {"${host}": {"token": "${secret}"}}}`],
  [cargo, (host, secret) => `[registries."${host}"]\ntoken = ${JSON.stringify(secret)}\n`],
  [cargo, (host, secret) => `[registries."${host}"]\ntoken = "${secret}"\n`],
];

for (const [i, [source, write]] of writers.entries()) {
  Deno.test(`${source.tool}: no output contains a part of a secret (${i})`, () => {
    fc.assert(fc.property(fc.domain(), secrets, (host, secret) => {
      let output: string;
      try {
        const texts = [write(host, secret), write(host, secret), "", ""];
        output = found(source, ...texts).map(([key, what]) => `${key} ${what}`).join("\n");
      } catch (error) {
        assert.ok(error instanceof FobError);
        output = error.message;
      }
      assert.ok(!output.includes(marker), output);
    }));
  });
}
