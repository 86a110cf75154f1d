/** A call of fob by a tool that needs a token. */
export interface ToolCall {
  /** For the names of tests. */
  readonly name: string;
  readonly words: readonly string[];
  /** Its stdin. */
  readonly says: string;
  /** The words before fob, instead of the tool. */
  readonly wrapper?: readonly string[];
  /** The requested host. */
  readonly host: string;
}

const host = "https://git.example.com";

/** The words that run the following program under another name. */
export function calledAs(name: string): string[] {
  return ["bash", "-c", 'exec -a "$0" "$@"', name];
}

/** The call of git. */
export const gitAsks: ToolCall = {
  name: "fob helper git get",
  words: ["helper", "git", "get"],
  says: "protocol=https\nhost=git.example.com\n\n",
  host,
};

/**
 * The calls of tools without credentials of their own in fob. kubectl is missing, because its calls
 * write notes.
 */
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
