import fc from "fast-check";

/** The sections in {@link nastyConfig}. */
const sectionNames = ["DEFAULT", "a", "b", "a.b", "__settings__"];

const keys = [
  "host",
  "account_id",
  "workspace_id",
  "scopes",
  "auth_type",
  "cluster_id",
  "serverless_compute_id",
  "client_id",
  "custom_key",
];
const values = [
  "",
  "v",
  "none",
  "h.example",
  "https://h.example/?o=1",
  "https://u:s3cret@h.example",
  '"quoted"',
  "databricks-cli",
];
const secrets = ["token", "client_secret", "password", "azure_client_secret"];

const line = fc.oneof(
  fc.constantFrom(...sectionNames).map((name) => `[${name}]`),
  fc.tuple(
    fc.constantFrom("", "  "),
    fc.constantFrom(...keys),
    fc.constantFrom("=", " = ", "      = ", ": "),
    fc.constantFrom(...values),
    fc.constantFrom("", " ; note", " # note", "\t"),
  ).map((parts) => parts.join("")),
  fc.constantFrom(...secrets).map((key) => `${key} = s3cret-${key}`),
  fc.constantFrom("a", "b", "gone", "__settings__").map((name) => `default_profile = ${name}`),
  fc.constantFrom("; about it", "# about it", "", "  ", "bare", "[open", "= v"),
);

/** Texts of `.databrickscfg` with anything that users and tools write there. */
export const nastyConfig: fc.Arbitrary<string> = fc.tuple(
  fc.constantFrom("", "\uFEFF"),
  fc.array(
    fc.tuple(line, fc.constantFrom("\n", "\r\n", "\n\n")).map((parts) => parts.join("")),
    { maxLength: 16 },
  ),
  fc.constantFrom("", "last = one"),
).map(([mark, lines, last]) => mark + lines.join("") + last);
