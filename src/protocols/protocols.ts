import type { Protocol } from "./protocol.ts";

/** An entry of the registry. Reading it does not load the protocol. */
export interface ProtocolEntry {
  /** The tools that use the protocol. */
  readonly tools: string;
  /** The program name that they run, if they accept no command line. */
  readonly program?: string;
  /** Default minimum lifetime of a token in milliseconds: how long the tool uses it. */
  readonly minTtl: number;
  readonly load: () => Promise<Protocol>;
}

/** For a tool that uses a token immediately. */
const immediateUse = 300_000;
/** For a tool that uses a token for its whole run. */
const wholeRun = 900_000;

/**
 * The credential-helper protocols by the argument of `fob helper`. Each is loaded on its own, because a call uses
 * one. The command, its help and its completions are generated from this table.
 */
const table = {
  git: {
    tools: "Git",
    program: "git-credential-fob",
    minTtl: immediateUse,
    load: async () => (await import("./git.ts")).git,
  },
  docker: {
    tools: "Docker",
    program: "docker-credential-fob",
    minTtl: immediateUse,
    load: async () => (await import("./docker.ts")).docker,
  },
  kubectl: {
    tools: "kubectl",
    minTtl: immediateUse,
    load: async () => (await import("./kubectl.ts")).kubectl,
  },
  terraform: {
    tools: "Terraform and OpenTofu",
    program: "terraform-credentials-fob",
    minTtl: wholeRun,
    load: async () => (await import("./terraform.ts")).terraform,
  },
  cargo: {
    tools: "Cargo",
    program: "cargo-credential-fob",
    minTtl: immediateUse,
    load: async () => (await import("./cargo.ts")).cargo,
  },
  pnpm: {
    tools: "pnpm",
    minTtl: wholeRun,
    load: async () => (await import("./pnpm.ts")).pnpm,
  },
  keyring: {
    tools: "pip and uv",
    program: "keyring",
    minTtl: wholeRun,
    load: async () => (await import("./keyring.ts")).keyring,
  },
  go: {
    tools: "Go",
    minTtl: wholeRun,
    load: async () => (await import("./go.ts")).go,
  },
  bazel: {
    tools: "Bazel",
    minTtl: immediateUse,
    load: async () => (await import("./bazel.ts")).bazel,
  },
} satisfies Readonly<Record<string, ProtocolEntry>>;

/** The argument of `fob helper`. */
export type ProtocolName = keyof typeof table;

/** The registry, by name. */
export const protocols: Readonly<Record<ProtocolName, ProtocolEntry>> = table;

/** The names of the protocols, in the order of the registry. */
export const protocolNames = Object.keys(protocols) as readonly ProtocolName[];
