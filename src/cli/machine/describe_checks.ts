import type { Check } from "../../doctor/check.ts";
import type { Group } from "../../doctor/run_checks.ts";
import type { Terminal } from "../../system/terminal.ts";
import { printable } from "../../text/printable.ts";
import { paint } from "../ui/color.ts";
import { wrapText } from "../ui/wrap.ts";
import { fixFor } from "./doctor_fixes.ts";

/** The terminal that checks are described for. */
export type Page = Pick<Terminal, "outputColumns" | "outputColor">;

const words = { ok: "ok", warn: "warn", fail: "FAIL" } as const;
const styles = { ok: "green", warn: "yellow", fail: "red" } as const;
/** The least width of a detail, columns. */
const leastWidth = 20;
/** The greatest width of the ID column. The detail of a longer ID goes below it. */
const greatestIdWidth = 26;

/** The checks by group, with a fix below each warning and failure. */
export function describeGroups(
  groups: readonly Group[],
  page: Page,
  home: string | undefined,
): string {
  const lengths = groups.flatMap(({ checks }) => checks.map(({ id }) => id.length));
  const width = Math.max(0, ...lengths.filter((length) => length <= greatestIdWidth));
  return groups.map(({ title, checks }) =>
    `${title}\n${checks.map((check) => describeCheck(check, width, page, home)).join("")}`
  ).join("\n");
}

/** The check as JSON fields. */
export function checkFields(check: Check): object {
  const { id, state, detail, code } = check;
  const fix = fixFor(check);
  return {
    id: printable(id),
    state,
    detail: printable(detail),
    ...(fix === undefined ? {} : { fix: printable(fix) }),
    ...(state === "ok" || code === undefined ? {} : { code }),
  };
}

function describeCheck(check: Check, width: number, page: Page, home: string | undefined): string {
  const { state, id, detail } = check;
  const word = words[state].padEnd(4);
  const shownWord = paint(word, styles[state], page.outputColor);
  const indent = 2 + 4 + 2 + width + 2;
  const fix = fixFor(check);
  const lines = [
    ...wrap(withTilde(printable(detail), home), indent, page),
    ...fix === undefined ? [] : wrap(`Fix: ${withTilde(printable(fix), home)}`, indent, page),
  ];
  const name = printable(id);
  const [first = "", ...rest] = name.length > width ? ["", ...lines] : lines;
  return `${`  ${shownWord}  ${name.padEnd(width)}  ${first}`.trimEnd()}\n` +
    rest.map((line) => `${" ".repeat(indent)}${line}\n`).join("");
}

/** Writes paths below the home directory with `~`, except in single quotes, where a shell does not expand it. */
function withTilde(text: string, home: string | undefined): string {
  if (home === undefined || home === "/") return text;
  return text.replaceAll(new RegExp(`(?<=^|[ "(])${RegExp.escape(home)}/`, "g"), "~/");
}

/** Wraps `text` beside the indent; one line without a terminal. */
function wrap(text: string, indent: number, { outputColumns }: Page): string[] {
  if (outputColumns === undefined) return [text];
  return wrapText(text, Math.max(leastWidth, outputColumns - indent));
}
