import type { Protocol } from "./protocol.ts";

/** What the registry says of a protocol, without loading it. */
export interface ProtocolEntry {
  /** The tools that speak it. */
  readonly speakers: string;
  /** The name by which they run a helper, if they do not take a command line. */
  readonly program?: string;
  /** Milliseconds that a token must still live unless the call says otherwise: as long as the tool uses it. */
  readonly minTtl: number;
  readonly load: () => Promise<Protocol>;
}

/** For a tool that uses a token at once. */
const atOnce = 300_000;
/** For a tool that uses a token as long as it runs. */
const allTheRun = 900_000;

/**
 * The registry of protocols by which tools ask for credentials, by the word after `fob helper`. Each is loaded
 * alone: a tool speaks one. The command, its help and its completions are made from this.
 */
const table = {
  git: {
    speakers: "Git",
    program: "git-credential-fob",
    minTtl: atOnce,
    load: async () => (await import("./git.ts")).git,
  },
  docker: {
    speakers: "Docker",
    program: "docker-credential-fob",
    minTtl: atOnce,
    load: async () => (await import("./docker.ts")).docker,
  },
  kubectl: {
    speakers: "kubectl",
    minTtl: atOnce,
    load: async () => (await import("./kubectl.ts")).kubectl,
  },
  terraform: {
    speakers: "Terraform and OpenTofu",
    program: "terraform-credentials-fob",
    minTtl: allTheRun,
    load: async () => (await import("./terraform.ts")).terraform,
  },
  cargo: {
    speakers: "Cargo",
    program: "cargo-credential-fob",
    minTtl: atOnce,
    load: async () => (await import("./cargo.ts")).cargo,
  },
  pnpm: {
    speakers: "pnpm",
    minTtl: allTheRun,
    load: async () => (await import("./pnpm.ts")).pnpm,
  },
  keyring: {
    speakers: "pip and uv",
    program: "keyring",
    minTtl: allTheRun,
    load: async () => (await import("./keyring.ts")).keyring,
  },
  go: {
    speakers: "Go",
    minTtl: allTheRun,
    load: async () => (await import("./go.ts")).go,
  },
  bazel: {
    speakers: "Bazel",
    minTtl: atOnce,
    load: async () => (await import("./bazel.ts")).bazel,
  },
} satisfies Readonly<Record<string, ProtocolEntry>>;

/** The word after `fob helper`. */
export type ProtocolName = keyof typeof table;

/** The registry, by name. */
export const protocols: Readonly<Record<ProtocolName, ProtocolEntry>> = table;

/** The names of the protocols, in the order of the registry. */
export const protocolNames = Object.keys(protocols) as readonly ProtocolName[];
