import type { VariableName } from "../variables.ts";
import type { Source, SourceNeeds } from "./source.ts";

/** A tool to migrate from. */
export interface SourceEntry {
  /** Loads the source, and no other. */
  load(needs: SourceNeeds): Promise<Source>;
  /** The environment variables for the paths of its files, with a description of each for the help. */
  readonly variables: Readonly<Partial<Record<VariableName, string>>>;
}

/**
 * Every tool to migrate from, by its name on the command line, in the order of the help. The choices and the
 * help of the command, the completions, the doctor checks and the tests are generated from this table.
 */
export const sources = {
  databricks: {
    load: async () => (await import("./sources/databricks.ts")).databricks,
    variables: {
      DATABRICKS_CONFIG_FILE: "profile file of databricks (default: ~/.databrickscfg)",
    },
  },
  astro: {
    load: async () => (await import("./sources/astro.ts")).astro,
    variables: { ASTRO_HOME: "directory that contains .astro (default: the home directory)" },
  },
  gh: {
    load: async () => (await import("./sources/gh.ts")).gh,
    variables: {
      GH_CONFIG_DIR: `directory of gh (default: ${
        Deno.build.os === "windows" ? "%AppData%\\GitHub CLI" : "~/.config/gh"
      })`,
    },
  },
  git: {
    load: async (needs) => (await import("./sources/git.ts")).gitCredentials(needs),
    variables: {},
  },
  docker: {
    load: async (needs) => (await import("./sources/docker.ts")).dockerConfig(needs),
    variables: { DOCKER_CONFIG: "directory of docker (default: ~/.docker)" },
  },
  terraform: {
    load: async (needs) => (await import("./sources/terraform.ts")).terraformCredentials(needs),
    variables: {},
  },
  cargo: {
    load: async (needs) => (await import("./sources/cargo.ts")).cargoCredentials(needs),
    variables: { CARGO_HOME: "directory of cargo (default: ~/.cargo)" },
  },
} satisfies Readonly<Record<string, SourceEntry>>;

export type SourceName = keyof typeof sources;

/** The names of {@link sources}, in its order. */
export const sourceNames: readonly SourceName[] = Object.keys(sources) as SourceName[];

/** Loads every source, in the order of the table. */
export async function loadSources(needs: SourceNeeds): Promise<Source[]> {
  return await Promise.all(sourceNames.map((name) => sources[name].load(needs)));
}
