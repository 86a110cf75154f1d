import assert from "node:assert/strict";
import type { Change, Command, ConnectRequest, Tool } from "../../../../src/connect/tool.ts";
import { cargo } from "../../../../src/connect/tools/cargo.ts";
import { docker } from "../../../../src/connect/tools/docker.ts";
import { git } from "../../../../src/connect/tools/git.ts";
import { kubectl } from "../../../../src/connect/tools/kubectl.ts";
import { pnpm } from "../../../../src/connect/tools/pnpm.ts";
import { terraform } from "../../../../src/connect/tools/terraform.ts";
import { environmentOf } from "../../../fakes/machine/environment.ts";

/** A program with a path that must be quoted. */
const fob = "/opt/it's here/fob";
const host = "https://code.example.com:8443";

function request(
  more: Partial<ConnectRequest> = {},
  variables: Record<string, string> = {},
): ConnectRequest {
  const environment = environmentOf({ HOME: "/h", USERPROFILE: "C:\\u", ...variables });
  return { fob, folder: "/s/connect", origins: [host], environment, system: "linux", ...more };
}

/** The commands of a change, one line each. */
function runs(change: Change | undefined, seen: string): string[] {
  assert.ok(change?.kind === "command");
  return change.commands(seen).flatMap((it: Command) => it.runs).map((words) => words.join(" "));
}

/** The values that a change sets in `text`. */
function edits(change: Change | undefined, text = ""): Record<string, unknown> {
  assert.ok(change?.kind === "settings");
  return Object.fromEntries(change.edits(text).map(({ key, value }) => [key.join("|"), value]));
}

function pathsOf(tool: Tool, it: ConnectRequest): string[] {
  return tool.connect(it).flatMap((change) =>
    change.kind === "command" ? change.files : change.kind === "link" ? [] : [change.path]
  );
}

Deno.test("git: a shell runs fob for that host only, in place of other helpers", () => {
  const [change] = git.connect(request({ profile: "work" }));
  const key = `config --global --add credential.${host}.helper`;
  assert.deepEqual(runs(change, ""), [
    `${key} `,
    `${key} !'/opt/it'\\''s here/fob' helper git --profile work`,
  ]);
});

Deno.test("git: the settings of a run that was killed in between are completed, not doubled", () => {
  const [change] = git.connect(request({ fob: "/bin/fob" }));
  const key = `credential.${host}.helper`;
  assert.deepEqual(runs(change, `${key}\ntheirs\0${key}\n\0`), [
    `config --global --add ${key} !/bin/fob helper git`,
  ]);
});

Deno.test("git: an existing helper is not set again, unless another one comes after it", () => {
  const helper = "!/bin/fob helper git";
  const [change] = git.connect(request({ fob: "/bin/fob" }));
  const listed = (...values: string[]): string =>
    values.map((it) => `credential.${host}.helper\n${it}\0`).join("");
  assert.deepEqual(runs(change, listed("", helper)), []);
  assert.deepEqual(runs(change, listed("!gh", "", helper)), []);
  assert.equal(runs(change, listed("", helper, "!gh")).length, 2);
  const back = (...values: string[]): readonly (readonly string[])[] =>
    git.undoCommands?.([`credential.${host}.helper`, helper], listed(...values)) ?? [];
  const key = `credential.${host}.helper`;
  assert.deepEqual(back("", helper), [["config", "--global", "--unset-all", key]]);
  assert.deepEqual(back("", "!gh", "", helper, "!later"), [
    ["config", "--global", "--unset-all", key],
    ...["", "!gh", "!later"].map((value) => ["config", "--global", "--add", key, value]),
  ]);
  assert.deepEqual(back("!gh"), []);
});

Deno.test("each tool is connected in the file that it reads", () => {
  assert.deepEqual(pathsOf(git, request()), ["/h/.gitconfig", "/h/.config/git/config"]);
  assert.deepEqual(pathsOf(git, request({}, { GIT_CONFIG_GLOBAL: "/g" })), ["/g"]);
  assert.deepEqual(pathsOf(git, request({}, { GIT_CONFIG_GLOBAL: "~/g" })), ["~/g"]);
  assert.deepEqual(pathsOf(kubectl, request({}, { KUBECONFIG: "~/a" })), ["~/a"]);
  assert.deepEqual(pathsOf(docker, request()), ["/h/.docker/config.json"]);
  assert.deepEqual(pathsOf(docker, request({}, { DOCKER_CONFIG: "/d" })), ["/d/config.json"]);
  assert.deepEqual(pathsOf(kubectl, request()), ["/h/.kube/config"]);
  assert.deepEqual(pathsOf(kubectl, request({}, { KUBECONFIG: "/a::/b" })), ["/a", "/b"]);
  assert.deepEqual(
    pathsOf(kubectl, request({ system: "windows" }, { KUBECONFIG: "C:\\a;D:\\b" })),
    ["C:\\a", "D:\\b"],
  );
  assert.deepEqual(pathsOf(terraform, request()), ["/h/.terraformrc", "/h/.tofurc"]);
  assert.deepEqual(pathsOf(terraform, request({}, { TF_CLI_CONFIG_FILE: "/t" })), ["/t"]);
  assert.deepEqual(
    pathsOf(terraform, request({ system: "windows" }, { APPDATA: "C:\\r" })),
    ["C:\\r/terraform.rc", "C:\\r/tofu.rc"],
  );
  assert.deepEqual(pathsOf(cargo, request()), ["/h/.cargo/config.toml"]);
  assert.deepEqual(pathsOf(cargo, request({}, { CARGO_HOME: "/c" })), ["/c/config.toml"]);
});

Deno.test("docker: a registry has docker's name for it; without a registry, fob is set for all", () => {
  const origins = [host, "https://index.docker.io"];
  assert.deepEqual(edits(docker.connect(request({ origins }))[1]), {
    "credHelpers|code.example.com:8443": "fob",
    "credHelpers|https://index.docker.io/v1/": "fob",
  });
  assert.deepEqual(edits(docker.connect(request({ origins: [] }))[1]), { credsStore: "fob" });
});

Deno.test("terraform: a second helper is declined", () => {
  const [link, change] = terraform.connect(request({ profile: "work" }));
  assert.deepEqual(link, {
    kind: "link",
    name: "terraform-credentials-fob",
    directory: "/h/.terraform.d/plugins",
  });
  assert.deepEqual(edits(change), { "credentials_helper|fob": { args: ["--profile", "work"] } });
  assert.throws(() => edits(change, 'credentials_helper "other" {}\n'), {
    code: "declined",
    message: 'Terraform already has the credentials helper "other"',
  });
});

Deno.test("cargo: the registries with that index get a provider, or else all, by an alias", () => {
  const [, change] = cargo.connect(request({ profile: "work" }));
  const provider = ["/s/connect/cargo-credential-fob", "--profile", "work"];
  const registry = (name: string, index: string): string =>
    `[registries.${name}]\nindex = "${index}"\n`;
  const text = registry("a", `sparse+${host}/index/`) +
    registry("b", "sparse+https://other.example/") + registry("c", `${host}/git`);
  assert.deepEqual(edits(change, text), {
    "registries|a|credential-provider": provider,
    "registries|c|credential-provider": provider,
  });
  assert.deepEqual(edits(change, registry("b", "sparse+https://other.example/")), {
    "credential-alias|fob": provider,
    "registry|global-credential-providers": ["cargo:token", "fob"],
  });
  const list = '[registry]\nglobal-credential-providers = ["cargo:libsecret"]\n';
  assert.deepEqual(
    edits(change, list)["registry|global-credential-providers"],
    ["cargo:libsecret", "fob"],
  );
});

Deno.test("pnpm: each profile has its own program, because pnpm passes no arguments", () => {
  const [file, change] = pnpm.connect(request({ profile: "work" }));
  assert.deepEqual(file, {
    kind: "file",
    path: "/s/connect/pnpm-work",
    text: "#!/bin/sh\nexec '/opt/it'\\''s here/fob' helper pnpm --profile work\n",
    runs: true,
  });
  assert.deepEqual(edits(change), {
    "//code.example.com:8443/:tokenHelper": "/s/connect/pnpm-work",
  });
  const windows = request({ profile: "work", fob: "C:\\f o b\\fob.exe", system: "windows" });
  assert.deepEqual(pnpm.connect(windows)[0], {
    kind: "file",
    path: "/s/connect\\pnpm-work.cmd",
    text: '@"C:\\f o b\\fob.exe" helper pnpm --profile "work"\r\n',
    runs: true,
  });
});

Deno.test("pnpm: a path that a shell would split is declined", () => {
  const odd: [string, ConnectRequest["system"]][] = [
    ["/home/a b/connect", "linux"],
    ["/home/it's/connect", "linux"],
    ["/home/$x/connect", "linux"],
    ["C:\\Users\\Ada Lovelace\\connect", "windows"],
    ["C:\\Users\\%x%\\connect", "windows"],
  ];
  for (const [folder, system] of odd) {
    assert.throws(() => pnpm.connect(request({ profile: "work", folder, system })), {
      code: "declined",
      message: /^pnpm cannot run a token helper with spaces or shell characters in its path: /,
    });
  }
  for (const profile of ["../../x", "a/b", "a\\b", 'a"&b', "a b"]) {
    assert.throws(() => pnpm.connect(request({ profile, folder: "/s" })), { code: "declined" });
  }
  for (const folder of ["/home/ädä-1_2.x/connect", "C:\\Users\\ädä\\connect"]) {
    assert.ok(pnpm.connect(request({ profile: "a@b+c.d_e-f", folder })));
  }
});

/** The configuration that kubectl prints for two clusters; `c` is at the host. */
function view(user: string, users: readonly object[] = []): string {
  return JSON.stringify({
    clusters: [
      { name: "c", cluster: { server: `${host}/k8s` } },
      { name: "d", cluster: { server: "https://other.example" } },
    ],
    contexts: [
      { name: "one", context: { cluster: "c", user } },
      { name: "two", context: { cluster: "d", user } },
    ],
    users,
  });
}

Deno.test("kubectl: only the contexts of that cluster get a user that runs fob", () => {
  const [change] = kubectl.connect(request({ fob: "/bin/fob" }));
  assert.deepEqual(runs(change, view("ada")), [
    "config set-credentials fob --exec-api-version=client.authentication.k8s.io/v1 " +
    "--exec-command=/bin/fob --exec-arg=helper --exec-arg=kubectl " +
    "--exec-interactive-mode=Never --exec-provide-cluster-info=true",
    "config set-context one --user=fob",
  ]);
  const exec = { command: "/bin/fob", args: ["helper", "kubectl"] };
  assert.deepEqual(runs(change, view("fob", [{ name: "fob", user: { exec } }])), []);
  assert.throws(() => runs(change, JSON.stringify({ clusters: null })), {
    code: "declined",
    message: `No kubectl context has a cluster at "${host}"`,
  });
});

Deno.test("kubectl: a user of that name that fob did not create is left unchanged", () => {
  const [change] = kubectl.connect(request({ fob: "/bin/fob" }));
  const user = (it: object): object[] => [{ name: "fob", user: it }];
  const others = [{ token: "REDACTED" }, { exec: { command: "aws", args: ["eks"] } }, {}];
  for (const other of others) {
    assert.throws(() => runs(change, view("ada", user(other))), {
      code: "declined",
      message: 'kubectl already has a user "fob" that fob did not create',
    });
  }
  const moved = { exec: { command: "/old/fob", args: ["helper", "kubectl"] } };
  assert.equal(runs(change, view("fob", user(moved))).length, 1);
});

Deno.test("kubectl: invalid output is declined and changes nothing", () => {
  const [change] = kubectl.connect(request({ fob: "/bin/fob" }));
  assert.ok(change?.kind === "command");
  const strange = [
    "null",
    "[]",
    "Error",
    '{"clusters":5}',
    '{"clusters":[null]}',
    '{"contexts":{}}',
    '{"contexts":[null]}',
    '{"clusters":[{"name":"c","cluster":{"server":{"toString":1}}}]}',
    '{"users":[{"name":5}]}',
    '{"users":[{"name":"fob","user":{"exec":{"args":"helper"}}}]}',
  ];
  const declined = { code: "declined", message: /output of kubectl config view is invalid/ };
  for (const seen of strange) {
    assert.throws(() => change.commands(seen), declined, seen);
    assert.throws(() => kubectl.undoCommands?.(["user", "fob", "/bin/fob"], seen), declined, seen);
  }
});

Deno.test("kubectl: a later change by another program is not undone", () => {
  const back = (note: string[], seen: string): unknown => kubectl.undoCommands?.(note, seen);
  assert.deepEqual(back(["context", "one", "fob", "ada"], view("fob")), [
    ["config", "set-context", "one", "--user=ada"],
  ]);
  assert.deepEqual(back(["context", "one", "fob", "ada"], view("eve")), []);
  const exec = { command: "/bin/fob" };
  const users = [{ name: "fob", user: { exec } }];
  assert.deepEqual(back(["user", "fob", "/bin/fob"], view("ada", users)), [
    ["config", "delete-user", "fob"],
  ]);
  assert.deepEqual(back(["user", "fob", "/bin/other"], view("ada", users)), []);
  assert.throws(() => back(["user", "fob", "/bin/fob"], "no JSON"), { code: "declined" });
});
