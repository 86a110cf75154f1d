import type { UndoneChange } from "../../connect/disconnect.ts";
import type { Planned } from "../../connect/plan.ts";
import { printable } from "../../text/printable.ts";
import { posixLine } from "../../text/shell_quote.ts";

/** The changes that were or would be made, with new values only: old ones may be secret. */
export function describePlanned(
  tool: string,
  planned: readonly Planned[],
  isDone: boolean,
): string {
  if (planned.length === 0) return `${tool} already uses fob. Nothing to change\n`;
  const changes = planned.flatMap(describeOne).map((line) => `${shownLine(line)}\n`).join("");
  if (!isDone) return `${changes}Nothing was changed\n`;
  return `${changes}${tool} now uses fob. To undo: fob connect ${tool} --undo\n`;
}

function shownLine(line: string): string {
  return /^ */.exec(line)?.[0] + printable(line);
}

function describeOne(plan: Planned): string[] {
  switch (plan.kind) {
    case "settings":
      return [
        `${plan.before === undefined ? "New file" : "In"} "${plan.file.path}":`,
        ...plan.settings.map(({ key, value }) => `  ${shownKey(key)} = ${JSON.stringify(value)}`),
      ];
    case "command":
      return [...runsOf(plan), ...plan.remark === undefined ? [] : [`  (${plan.remark})`]];
    case "file":
      return [
        `New file "${plan.path}":`,
        ...plan.text.trimEnd().split("\n").map((line) => `  ${line}`),
      ];
    case "link":
      return [`Link to fob: "${plan.path}"`];
  }
}

function shownKey(key: readonly string[]): string {
  return key.map((name) => /^[\w-]+$/.test(name) || key.length === 1 ? name : JSON.stringify(name))
    .join(".");
}

function runsOf({ program, commands }: Planned & { kind: "command" }): string[] {
  return commands.flatMap(({ runs }) => runs.map((words) => posixLine([program, ...words])));
}

/** The same as {@link describePlanned}, as JSON. */
export function plannedFields(tool: string, planned: readonly Planned[], isDone: boolean): object {
  const changes = planned.map((plan) => {
    switch (plan.kind) {
      case "settings": {
        const settings = plan.settings.map(({ key, value }) => ({ key, value }));
        return { kind: plan.kind, path: plan.file.path, settings };
      }
      case "command":
        return { kind: plan.kind, commands: runsOf(plan) };
      case "file":
        return { kind: plan.kind, path: plan.path, text: plan.text };
      case "link":
        return { kind: plan.kind, path: plan.path };
    }
  });
  return { tool, done: isDone, changes };
}

const outcomes: Readonly<Record<UndoneChange["outcome"], string>> = {
  restored: "restored",
  removed: "removed",
  edited: "changed since; only fob's settings were removed",
  left: "changed since; left as it is",
};

/** The result of each undone change. */
export function describeUndone(undone: readonly UndoneChange[]): string {
  return undone.map(({ path, outcome }) => `${printable(`"${path}"`)}: ${outcomes[outcome]}\n`)
    .join(
      "",
    );
}
