import type { ProtocolName } from "../../src/protocols/protocols.ts";
import { gitAsks, type ToolCall } from "../../tests/interop/helpers/tool_calls.ts";

/** How a tool requests a token from fob. */
export type ToolGet = Pick<ToolCall, "name" | "words" | "says"> & {
  /** The program that runs fob instead of the tool. */
  readonly wrapper: readonly string[];
};

type Said = readonly [words: readonly string[], says?: string];

const { host } = gitAsks;
const name = new URL(host).host;
const cargoSays =
  `{"v":1,"registry":{"index-url":"sparse+${host}/"},"kind":"get","operation":"read","args":[]}\n`;

/** Input of each tool. */
const said: Readonly<Record<ProtocolName, Said>> = {
  git: [["get"], gitAsks.says],
  docker: [["get"], name],
  kubectl: [["--profile", "work"]],
  terraform: [["get", name]],
  cargo: [["--cargo-plugin"], cargoSays],
  pnpm: [["--profile", "work"]],
  keyring: [["get", `${host}/simple/`, "work"]],
  go: [[`${host}/module/@v/list`]],
  bazel: [["get"], `{"uri":"${host}/cache"}`],
};

/** A call by each tool, by words. */
export const toolGets: readonly ToolGet[] = Object.entries(said).map(
  ([protocol, [words, says = ""]]) => ({
    name: `fob helper ${protocol}${words[0] === "get" ? " get" : ""}`,
    words: ["helper", protocol, ...words],
    says,
    wrapper: protocol === "kubectl" ? ["sh", "-c", '"$@"; exit', "sh"] : [],
  }),
);
