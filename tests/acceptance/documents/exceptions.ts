/** A command of a document that is not run. */
export interface Exception {
  readonly command: RegExp;
  readonly reason: string;
}

/** The commands that are not run. A test checks that each entry is needed. */
export const exceptions: readonly Exception[] = [
  { command: /^fob auth login --provider (github|gitlab|astro)/, reason: "needs the real service" },
  { command: /^fob connect kubectl$/, reason: "needs kubectl, and a cluster at the host" },
  { command: /^fob helper (git|docker|terraform)$/, reason: "the tool adds its own arguments" },
  { command: /^fob completions powershell/, reason: "needs PowerShell" },
];

export function exceptionFor(command: string): Exception | undefined {
  return exceptions.find((exception) => exception.command.test(command));
}
