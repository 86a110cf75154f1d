/** What the files of a room may import, beside their own room and what everybody may import. */
export interface Room {
  /** Rooms that may be imported in any way. */
  readonly values?: readonly string[];
  /** Rooms of which only types may be imported. */
  readonly types?: readonly string[];
  /** npm packages that may be imported in any way. The types of others do not matter. */
  readonly packages?: readonly string[];
}

/**
 * The rooms, from the top of the tree to its bottom: imports go down only. A room includes its folders.
 * `main.ts` and `src/composition`, which only `main.ts` imports, stand above them and may import all.
 */
export const rooms: Readonly<Record<string, Room>> = {
  "src/cli": {
    values: [
      "src/doctor",
      "src/migrate",
      "src/connect",
      "src/ledger",
      "src/agents",
      "src/api",
      "src/helpers",
      "src/leases",
      "src/databricks",
      "src/tokens",
      "src/credentials",
      "src/profiles",
      "src/protocols",
    ],
    types: ["src/system"],
    packages: ["commander", "@commander-js/extra-typings", "@clack/prompts"],
  },
  "src/doctor": {
    values: ["src/ledger", "src/helpers", "src/tokens", "src/credentials", "src/profiles"],
    types: ["src/migrate", "src/providers", "src/stores", "src/system"],
  },
  "src/migrate": {
    values: ["src/ledger", "src/helpers", "src/databricks", "src/credentials", "src/profiles"],
    types: ["src/stores", "src/system"],
  },
  "src/connect": { values: ["src/ledger", "src/agents"], types: ["src/api", "src/system"] },
  "src/ledger": { types: ["src/system"] },
  "src/agents": { types: ["src/api"] },
  "src/api": { values: ["src/profiles"], types: ["src/tokens", "src/providers", "src/system"] },
  "src/helpers": {
    values: ["src/credentials", "src/profiles"],
    types: ["src/tokens", "src/stores", "src/system"],
  },
  "src/leases": {
    values: ["src/credentials", "src/profiles"],
    types: ["src/tokens", "src/providers", "src/system"],
  },
  "src/databricks": {
    values: ["src/credentials", "src/profiles", "src/stores"],
    types: ["src/oauth", "src/system"],
  },
  "src/tokens": {
    values: ["src/credentials", "src/profiles"],
    types: ["src/providers", "src/stores", "src/oauth", "src/system"],
  },
  "src/credentials": {
    values: ["src/profiles"],
    types: ["src/providers", "src/stores", "src/oauth", "src/system"],
  },
  "src/profiles": { types: ["src/providers", "src/stores", "src/system"] },
  "src/protocols": {},
  "src/providers": { values: ["src/oauth"] },
  "src/stores": { values: ["src/system", "ffi"] },
  "src/oauth": { packages: ["oauth4webapi"] },
  "src/system": {},
  "src/text": { packages: ["smol-toml"] },
  "ffi": {},
};

/** Files and rooms that every room may import. They import nothing but each other. */
export const leaves: readonly string[] = [
  "src/text",
  "src/secret.ts",
  "src/errors.ts",
  "src/limits.ts",
  "src/present.ts",
  "src/variables.ts",
];

/** What puts the rooms together: only `main.ts` may import it. */
export const composition = "src/composition";

/** Each opens a library of one system. */
export const platformStores: readonly string[] = [
  "src/stores/linux/secret_service.ts",
  "src/stores/macos/keychain.ts",
  "src/stores/windows/credential_manager.ts",
];

/** Files that a folder may hold, so that a reader sees all of it at once. */
export const folderLimit = 20;
