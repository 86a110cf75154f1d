/** How a tool runs fob when it wants a token. */
export interface ToolCall {
  /** For the names of tests. */
  readonly name: string;
  readonly words: readonly string[];
  /** What it says on standard input. */
  readonly says: string;
  /** The program that runs fob, in place of the tool. */
  readonly wrapper?: readonly string[];
  /** The host that it asks for. */
  readonly host: string;
}

const host = "https://git.example.com";

/** Runs the program that follows it under another name. */
export function calledAs(name: string): string[] {
  return ["bash", "-c", 'exec -a "$0" "$@"', name];
}

/** How git does. */
export const gitAsks: ToolCall = {
  name: "fob helper git get",
  words: ["helper", "git", "get"],
  says: "protocol=https\nhost=git.example.com\n\n",
  host,
};

/** How tools do that keep nothing of their own in fob; kubectl's calls are noted, and are not among them. */
export const helperCalls: readonly ToolCall[] = [
  gitAsks,
  {
    ...gitAsks,
    name: "git-credential-fob get",
    words: ["get"],
    wrapper: calledAs("git-credential-fob"),
  },
  {
    name: "docker-credential-fob get",
    words: ["get"],
    says: "git.example.com",
    wrapper: calledAs("docker-credential-fob"),
    host,
  },
  {
    name: "cargo-credential-fob",
    words: ["--cargo-plugin"],
    says:
      `{"v":1,"registry":{"index-url":"sparse+${host}/"},"kind":"get","operation":"read","args":[]}\n`,
    wrapper: calledAs("cargo-credential-fob"),
    host,
  },
  {
    name: "fob helper terraform get",
    words: ["helper", "terraform", "get", "git.example.com"],
    says: "",
    host,
  },
  { name: "fob helper pnpm", words: ["helper", "pnpm", "--profile", "work"], says: "", host },
];
