/** What the files of a room may import, besides their own room and the {@link leaves}. */
export interface Room {
  /** Rooms to import values and types from. */
  readonly values?: readonly string[];
  /** Rooms to import only types from. */
  readonly types?: readonly string[];
  /** npm packages to import values from. Types of any package may be imported. */
  readonly packages?: readonly string[];
}

/**
 * The rooms, from top to bottom: imports only go down. A room includes its subfolders. `main.ts` and
 * `src/composition` are above them and may import all rooms.
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
  "src/connect": {
    values: ["src/ledger", "src/agents", "src/databricks"],
    types: ["src/api", "src/system"],
  },
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
    values: ["src/profiles", "src/stores"],
    types: ["src/providers", "src/oauth", "src/system"],
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

/** Files and rooms that every room may import. They import only each other. */
export const leaves: readonly string[] = [
  "src/text",
  "src/secret.ts",
  "src/errors.ts",
  "src/limits.ts",
  "src/present.ts",
  "src/variables.ts",
];

/** The composition root: only `main.ts` may import it. */
export const composition = "src/composition";

/** Stores that open a native library of one operating system. */
export const platformStores: readonly string[] = [
  "src/stores/linux/secret_service.ts",
  "src/stores/macos/keychain.ts",
  "src/stores/windows/credential_manager.ts",
];

/** Maximum number of files in a folder. */
export const folderLimit = 20;
