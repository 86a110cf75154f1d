import { type ErrorCode, FobError } from "../../src/errors.ts";
import { reportError } from "../../src/cli/ui/report.ts";
import type { Terminal } from "../../src/system/terminal.ts";

/** A text of the program as in the source, with placeholders in braces. */
export interface Message {
  /** An error's code, or the kind of text. A code that the caller decides is in braces, without a hint. */
  readonly kind: string;
  readonly text: string;
  /** The hint of an error, or the option of a prompt. */
  readonly hint?: string;
}

type Node = Deno.lint.Node;

/** Functions with a text for the user as first text argument, and the kind of text. */
const outputFunctions: Readonly<Record<string, string>> = {
  notice: "notice",
  say: "stderr",
  answer: "stdout",
  askText: "prompt",
  askSecret: "prompt",
  askChoice: "prompt",
  askConsent: "prompt",
  ok: "doctor ok",
  warn: "doctor warning",
  fail: "doctor failure",
};

/** The messages in a source file, in order. */
export function messagesIn(path: string, source: string): Message[] {
  const found: Message[] = [];
  // fob prints no hint for a usage error of a tool: see `describeFailure` in src/cli/tools/helper.ts.
  const isOfTool = path.startsWith("src/protocols/");
  const collector: Deno.lint.Plugin = {
    name: "messages",
    rules: {
      collect: {
        create: ({ sourceCode }) => {
          const textOf = (node: Node | undefined): string =>
            node === undefined ? "" : words(node, (it) => sourceCode.getText(it));
          return {
            NewExpression(node): void {
              if (sourceCode.getText(node.callee) !== "FobError") return;
              const [code, message, detail] = node.arguments;
              const text = textOf(message);
              const kinds = codesIn(code);
              if (kinds.length === 0) found.push({ kind: textOf(code), text });
              const facts = factsIn(detail, textOf);
              for (const kind of kinds) {
                const hasHint = kind !== "usage" || !isOfTool || Object.keys(facts).length > 0;
                const hint = hasHint
                  ? hintFor(new FobError(kind as ErrorCode, "", { facts }))
                  : undefined;
                found.push(hint === undefined ? { kind, text } : { kind, text, hint });
              }
            },
            CallExpression(node): void {
              const name = sourceCode.getText(node.callee).split(".").at(-1) ?? "";
              const kind = Object.hasOwn(outputFunctions, name) ? outputFunctions[name] : undefined;
              const texts = node.arguments.filter(isText);
              if (kind === undefined || texts.length === 0) return;
              const isCheck = kind.startsWith("doctor");
              const text = textOf(isCheck ? node.arguments[1] : texts[0]);
              const option = kind === "prompt" ? textOf(node.arguments[1]) : "";
              found.push(option === "" ? { kind, text } : { kind, text, hint: option });
            },
          };
        },
      },
    },
  };
  Deno.lint.runPlugin(collector, path, source);
  return found;
}

/** The hint that fob prints after `error`. */
function hintFor(error: FobError): string | undefined {
  let printed = "{}";
  const terminal = { say: (text: string) => void (printed = text) };
  reportError(error, "json", terminal as unknown as Terminal);
  return JSON.parse(printed).error.hint;
}

/** The possible codes of an expression: `a ? "x" : "y"` gives two. */
function codesIn(node: Node | undefined): string[] {
  if (node?.type === "Literal") return [String(node.value)];
  if (node?.type !== "ConditionalExpression") return [];
  return [...codesIn(node.consequent), ...codesIn(node.alternate)];
}

function isText(node: Node): boolean {
  if (node.type === "Literal") return typeof node.value === "string" && /[a-z]/.test(node.value);
  if (node.type === "BinaryExpression") return isText(node.left) || isText(node.right);
  if (node.type === "ConditionalExpression") {
    return isText(node.consequent) || isText(node.alternate);
  }
  return node.type === "TemplateLiteral" &&
    node.quasis.some(({ cooked }) => /[a-z]{2}/.test(cooked));
}

/** The text of an expression, with the source of each placeholder in braces. */
function words(node: Node, source: (node: Node) => string): string {
  const inner = (it: Node): string => words(it, source);
  if (node.type === "Literal") return String(node.value);
  if (node.type === "TemplateLiteral") {
    return node.quasis.map(({ cooked }, i) => {
      const filled = node.expressions[i];
      return cooked +
        (filled === undefined ? "" : isText(filled) ? inner(filled) : nameOf(filled, source));
    }).join("");
  }
  if (node.type === "BinaryExpression" && node.operator === "+") {
    return inner(node.left) + inner(node.right);
  }
  if (node.type === "ConditionalExpression") {
    return `{${inner(node.consequent)} | ${inner(node.alternate)}}`;
  }
  return nameOf(node, source);
}

function nameOf(node: Node, source: (node: Node) => string): string {
  return `{${source(node).replaceAll(/\s+/g, " ")}}`;
}

/** The facts of an error: the names, and the values as far as the source has them. */
function factsIn(
  detail: Node | undefined,
  textOf: (node: Node | undefined) => string,
): Record<string, string> {
  const facts = propertyOf(detail, "facts");
  if (facts?.type !== "ObjectExpression") return {};
  return Object.fromEntries(
    facts.properties.flatMap((it) => {
      if (it.type !== "Property" || it.key.type !== "Identifier") return [];
      return [[
        it.key.name,
        it.value.type === "Identifier" ? `{${it.value.name}}` : textOf(it.value),
      ]];
    }),
  );
}

function propertyOf(node: Node | undefined, name: string): Node | undefined {
  if (node?.type !== "ObjectExpression") return undefined;
  for (const it of node.properties) {
    if (it.type === "Property" && it.key.type === "Identifier" && it.key.name === name) {
      return it.value;
    }
  }
  return undefined;
}
