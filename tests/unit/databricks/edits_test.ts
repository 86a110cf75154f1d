import assert from "node:assert/strict";
import fc from "fast-check";
import {
  addressOfProfile,
  type DatabricksProfile,
  DatabricksProfiles,
} from "../../../src/databricks/config_file.ts";
import {
  type DatabricksLogin,
  removeProfile,
  setDefaultProfile,
  writeLogin,
} from "../../../src/databricks/edits.ts";
import { FobError } from "../../../src/errors.ts";
import { nastyConfig } from "./databricks_config.ts";

const name = fc.constantFrom("DEFAULT", "a", "b", "a.b", "new");
const login = fc.record({
  name,
  host: fc.constantFrom("https://h.example", "https://other.example"),
  accountId: fc.constantFrom("1", "2"),
  workspaceId: fc.constantFrom("10", "none"),
  scopes: fc.constantFrom(["jobs"], ["jobs", "pipelines"], []),
  compute: fc.constantFrom<Exclude<DatabricksLogin["compute"], undefined>>(
    "serverless",
    { cluster: "c1" },
  ),
  discovered: fc.boolean(),
}, { requiredKeys: ["name", "host"], noNullPrototype: true }) as fc.Arbitrary<DatabricksLogin>;

const edit: fc.Arbitrary<(text: string) => string> = fc.oneof(
  login.map((login) => (text: string) => writeLogin(text, login)),
  name.map((name) => (text: string) => removeProfile(text, name)),
);

const loginKeys = new Set([
  ..."host account_id workspace_id scopes auth_type cluster_id serverless_compute_id".split(" "),
  ..."client_id token client_secret password azure_client_secret".split(" "),
]);

/** Returns the text without the lines that an edit of `name` may change. Does not use the parser under test. */
function without(text: string, name: string, keys: ReadonlySet<string>): string {
  let section = "DEFAULT";
  return (text.replace("\uFEFF", "").match(/[^\n]*\n|[^\n]+$/g) ?? []).filter((line) => {
    const bare = line.trim();
    if (/^\[.*\]/.test(bare)) section = bare.slice(1, bare.indexOf("]"));
    if (/^[;#[]/.test(bare)) return true;
    const [key = ""] = bare.split(/[=:]/);
    const isSetting = section === "__settings__" && key.trim() === "default_profile";
    return !(section === name && keys.has(key.trim())) && !isSetting;
  }).join("");
}

function profilesIn(text: string): DatabricksProfile[] {
  return new DatabricksProfiles(text, "").all();
}

Deno.test("a login is read back, and all other lines keep their bytes", () => {
  fc.assert(fc.property(nastyConfig, login, (text, login) => {
    fc.pre(text !== "");
    const after = writeLogin(text, login);
    assert.equal(after.startsWith("\uFEFF"), text.startsWith("\uFEFF"));
    const before = without(text, login.name, loginKeys);
    const rest = without(after, login.name, loginKeys);
    assert.ok(rest.startsWith(before), JSON.stringify([before, rest]));
    assert.match(rest.slice(before.length), /^\s*(\[[^\]]*\]\s*)*$/);
    const profiles = new DatabricksProfiles(after, "");
    const profile = profiles.require(login.name);
    const { authType, token, clientSecret, password } = profile;
    assert.equal(addressOfProfile(profile)?.host, login.host);
    assert.equal(authType, "databricks-cli");
    assert.deepEqual([token, clientSecret, password], [undefined, undefined, undefined]);
  }));
});

Deno.test("a login changes no other profile", () => {
  fc.assert(fc.property(nastyConfig, login, (text, login) => {
    const others = (text: string): DatabricksProfile[] =>
      profilesIn(text).filter(({ name }) => name !== login.name);
    assert.deepEqual(others(writeLogin(text, login)), others(text));
  }));
});

Deno.test("an edit is idempotent", () => {
  fc.assert(fc.property(nastyConfig, edit, (text, edit) => {
    const once = edit(text);
    assert.equal(edit(once), once);
  }));
});

Deno.test("adding and removing a profile leaves the text, and at most blank lines or an empty section", () => {
  fc.assert(fc.property(nastyConfig, login, (text, login) => {
    fc.pre(text !== "");
    const after = removeProfile(writeLogin(text, { ...login, name: "new" }), "new");
    assert.ok(after.startsWith(text), JSON.stringify([text, after]));
    assert.match(after.slice(text.length), /^\s*(\[__settings__\]\s*)?$/);
  }));
});

Deno.test("setting a value back restores the text", () => {
  fc.assert(fc.property(nastyConfig, (before) => {
    const text =
      `${before}\n[a]\nhost=x\n[b]\nhost=y\n[__settings__]\ndefault_profile =  a ; note\n`;
    assert.equal(setDefaultProfile(setDefaultProfile(text, "b"), "a"), text);
  }));
});

Deno.test("removing a profile keeps the other profiles and their lines", () => {
  fc.assert(fc.property(nastyConfig, name, (text, name) => {
    const after = removeProfile(text, name);
    const others = profilesIn(text).filter((profile) => profile.name !== name);
    assert.deepEqual(profilesIn(after), others);
    const lines = text.replace("\uFEFF", "").split("\n");
    let at = 0;
    for (const line of after.replace("\uFEFF", "").split("\n")) {
      const found = lines.indexOf(line, at);
      assert.ok(found >= 0 || line === "", JSON.stringify(line));
      at = Math.max(at, found + 1);
    }
  }));
});

Deno.test("errors of edits contain no secret", () => {
  const value = fc.constantFrom("x", " s3cret", "s3cret ; y", "s3cret\nx", "", "[a]");
  fc.assert(fc.property(nastyConfig, value, value, (text, name, host) => {
    const edits = [
      () => writeLogin(text, { name: name.replace("s3cret", "a"), host }),
      () => setDefaultProfile(text, "gone"),
      () => removeProfile(text, "__settings__"),
    ];
    for (const edit of edits) {
      try {
        edit();
      } catch (error) {
        if (!(error instanceof FobError)) throw error;
        assert.doesNotMatch(error.message + JSON.stringify(error.facts), /s3cret/);
      }
    }
  }));
});

const host = "https://h.example";
const settings = "\n[__settings__]\ndefault_profile = other\n";

const edits: [what: string, before: string, edit: (text: string) => string, after: string][] = [
  [
    "behavior 9: the first login starts the file and becomes the default",
    "",
    (text) => writeLogin(text, { name: "test", host, workspaceId: "12" }),
    "; The profile defined in the DEFAULT section is to be used as a fallback when no profile is " +
    "explicitly specified.\n[DEFAULT]\n\n[test]\nhost = https://h.example\nworkspace_id = 12\n" +
    "auth_type = databricks-cli\n\n[__settings__]\ndefault_profile = test\n",
  ],
  [
    "behavior 11: a login to a profile with only a host adds the discovered keys, and no default",
    "[existing]\nhost = https://h.example/\n",
    (text) => writeLogin(text, { name: "existing", host, workspaceId: "12" }),
    "[existing]\nhost = https://h.example/\nworkspace_id = 12\nauth_type = databricks-cli\n",
  ],
  [
    "behavior 13: a login to DEFAULT keeps all other keys in place",
    "[DEFAULT]\nhost         = https://h.example\ncluster_id   = c ; mine\nwarehouse_id = w\n" +
    "azure_environment = PUBLIC\ncustom_key=x\n\n[other]\nhost = o.example\n",
    (text) => writeLogin(text, { name: "DEFAULT", host, workspaceId: "12" }),
    "[DEFAULT]\nhost         = https://h.example\ncluster_id   = c ; mine\nwarehouse_id = w\n" +
    "azure_environment = PUBLIC\ncustom_key=x\nworkspace_id = 12\nauth_type = databricks-cli\n\n" +
    "[other]\nhost = o.example\n",
  ],
  [
    "behavior 14: serverless replaces a cluster",
    "[a]\nhost = https://h.example\ncluster_id = c\n" + settings,
    (text) => writeLogin(text, { name: "a", host, compute: "serverless" }),
    "[a]\nhost = https://h.example\nserverless_compute_id = auto\nauth_type = databricks-cli\n" +
    settings,
  ],
  [
    "a cluster replaces serverless and another cluster",
    "[a]\nhost = https://h.example\ncluster_id = c\nserverless_compute_id = auto\n" + settings,
    (text) => writeLogin(text, { name: "a", host, compute: { cluster: "d" } }),
    "[a]\nhost = https://h.example\ncluster_id = d\nauth_type = databricks-cli\n" + settings,
  ],
  [
    "behavior 15: scopes are separated by commas, and new keys are in the order of Databricks' CLI",
    "[a]\nhost = https://h.example\n" + settings,
    (text) =>
      writeLogin(text, {
        name: "a",
        host,
        scopes: ["jobs", "pipelines", "clusters"],
        workspaceId: "12",
        accountId: "1",
        compute: { cluster: "c" },
      }),
    "[a]\nhost = https://h.example\ncluster_id = c\naccount_id = 1\nworkspace_id = 12\n" +
    "scopes = jobs,pipelines,clusters\nauth_type = databricks-cli\n" + settings,
  ],
  [
    "behavior 16: a login that discovered its host removes the keys for the previous host",
    "[d]\nhost = o.example\naccount_id = 1\nworkspace_id = 10\ncluster_id = c\n" +
    "serverless_compute_id = auto\nwarehouse_id = w\n",
    (text) => writeLogin(text, { name: "d", host, accountId: "2", discovered: true }),
    "[d]\nhost = https://h.example\naccount_id = 2\nwarehouse_id = w\nauth_type = databricks-cli\n",
  ],
  [
    "a login removes the keys of other authentication methods",
    "[a]\nhost = https://h.example\ntoken = s\nclient_id = x\nclient_secret = s\nauth_type = pat\n" +
    "experimental_is_unified_host = true\ngoogle_credentials = s\n" + settings,
    (text) => writeLogin(text, { name: "a", host }),
    "[a]\nhost = https://h.example\nauth_type = databricks-cli\n" + settings,
  ],
  [
    "a host with a query is replaced",
    "[a]\nhost = h.example?o=10\n" + settings,
    (text) => writeLogin(text, { name: "a", host, workspaceId: "12" }),
    "[a]\nhost = https://h.example\nworkspace_id = 12\nauth_type = databricks-cli\n" + settings,
  ],
  [
    "a login to DEFAULT above the first header stays there",
    "host = o.example\n[b]\nhost = b.example\n",
    (text) => writeLogin(text, { name: "DEFAULT", host }),
    "host = https://h.example\nauth_type = databricks-cli\n[b]\nhost = b.example\n",
  ],
  [
    "the same value in quotes is kept",
    "[a]\nhost = 'https://h.example'\nauth_type = databricks-cli\n" + settings,
    (text) => writeLogin(text, { name: "a", host }),
    "[a]\nhost = 'https://h.example'\nauth_type = databricks-cli\n" + settings,
  ],
  [
    "behavior 20: removing DEFAULT keeps its header and comments",
    "; the fallback\n[DEFAULT]\nhost = h\n; about x\nx = 1\n\n; mine\n[b]\nhost   = b.example\n",
    (text) => removeProfile(text, "DEFAULT"),
    "; the fallback\n[DEFAULT]\n; about x\n\n; mine\n[b]\nhost   = b.example\n",
  ],
  [
    "behavior 21: removing the last profile keeps DEFAULT and its comment",
    "; the fallback\n[DEFAULT]\n\n[only]\nhost = h\n",
    (text) => removeProfile(text, "only"),
    "; the fallback\n[DEFAULT]\n\n",
  ],
  [
    "behavior 22: removing profiles keeps the order, comments and spaces of the others",
    "; first\n[alpha]\nhost = a\n\n; second\n[beta]\nhost      = b\nx = 1\n\n; third\n[gamma]\nhost = c\n",
    (text) => removeProfile(removeProfile(text, "alpha"), "gamma"),
    "\n; second\n[beta]\nhost      = b\nx = 1\n\n",
  ],
  [
    "behavior 24: removing the default profile removes default_profile and keeps __settings__",
    "[a]\nhost = a\n\n[other]\nhost = o\n" + settings,
    (text) => removeProfile(text, "other"),
    "[a]\nhost = a\n\n\n[__settings__]\n",
  ],
  [
    "behavior 24: removing another profile keeps default_profile",
    "[a]\nhost = a\n" + settings,
    (text) => removeProfile(text, "a"),
    settings,
  ],
  [
    "behavior 38: __settings__ is added at the end",
    "[a]\nhost = a\n\n[b]\nhost = b\n",
    (text) => setDefaultProfile(text, "b"),
    "[a]\nhost = a\n\n[b]\nhost = b\n\n[__settings__]\ndefault_profile = b\n",
  ],
];

for (const [what, before, edit, after] of edits) {
  Deno.test(what, () => assert.equal(edit(before), after));
}

Deno.test("every edit rejects the name __settings__", () => {
  const reserved = {
    code: "usage",
    message: 'profile name "__settings__" is reserved for internal use',
  };
  assert.throws(() => writeLogin("", { name: "__settings__", host }), reserved);
  assert.throws(() => removeProfile("", "__settings__"), reserved);
  assert.throws(() => setDefaultProfile("", "__settings__"), reserved);
});

Deno.test("only a profile can be the default", () => {
  assert.throws(() => setDefaultProfile("[a]\nhost=h\n[b]\n", "b"), {
    code: "unknown_profile",
    message: 'profile "b" not found. Available profiles: a',
  });
});
