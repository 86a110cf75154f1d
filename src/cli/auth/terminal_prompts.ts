import type { LoginNeeds } from "../../credentials/login.ts";
import type { CommandContext } from "../context.ts";
import { countDown } from "../ui/countdown.ts";
import { describeDuration } from "../ui/duration.ts";

/** Options of the terminal prompts of a sign-in. */
interface PromptOptions {
  readonly browser: boolean;
  /** Milliseconds. */
  readonly timeout: number;
  /** Aborted when the sign-in ends. If given, the wait is counted down. */
  readonly ended?: AbortSignal;
  /** Called before the first instruction is printed. Until then, fob talks to servers. */
  readonly onInstruction?: () => void;
}

/** The terminal prompts of a sign-in. They write to standard error. */
export function terminalPrompts(
  options: PromptOptions,
  context: CommandContext,
): LoginNeeds["prompts"] {
  const { io: { terminal, notice } } = context;
  const limit = describeDuration(options.timeout);
  const countdown = options.ended && terminal.canDraw
    ? countDown(options.timeout, options.ended, context)
    : undefined;
  return {
    notice,
    openAuthorizationUrl: async (url) => {
      options.onInstruction?.();
      await showAddress(url, limit, options.browser, context);
      countdown?.show(terminal.canAsk);
    },
    showUserCode: (authorization) => {
      options.onInstruction?.();
      printUserCode(authorization, terminal);
      if (countdown === undefined) terminal.say(`Waiting for sign-in, at most ${limit}.`);
      countdown?.show(false);
      return Promise.resolve();
    },
    pastedLines: (signal) => terminal.canAsk ? pastedLines(signal) : nothing(),
    rejectPaste: (reason) => {
      terminal.say(reason);
      countdown?.show(terminal.canAsk);
    },
  };

  async function* pastedLines(signal: AbortSignal): AsyncGenerator<string> {
    for await (const line of terminal.lines(signal)) {
      countdown?.hide();
      yield line;
    }
  }
}

/** Prints the address to sign in at, and opens it if `browser` is set. */
async function showAddress(
  url: URL,
  limit: string,
  browser: boolean,
  context: CommandContext,
): Promise<void> {
  const { io: { terminal } } = context;
  terminal.say(`To sign in, visit this address within ${limit}:\n\n  ${url.href}\n`);
  if (browser && await context.tools.openBrowser(url)) {
    terminal.say("Your browser should be showing it.");
  } else if (isRemote(context)) {
    for (const line of remoteAdvice(url)) terminal.say(line);
  }
  if (terminal.canAsk) {
    terminal.say("If the last page does not load, paste its address here.");
  }
}

/** Prints the address and the code of a device sign-in. */
function printUserCode(
  { userCode, verificationUri, verificationUriComplete }: Parameters<
    LoginNeeds["prompts"]["showUserCode"]
  >[0],
  terminal: CommandContext["io"]["terminal"],
): void {
  terminal.say(`To sign in, visit this address on any device:\n\n  ${verificationUri}\n`);
  terminal.say(`and enter this code:\n\n  ${userCode}\n`);
  if (verificationUriComplete !== undefined) {
    terminal.say(
      `or visit ${verificationUriComplete}\nand make sure that it shows the same code.\n`,
    );
  }
}

async function* nothing(): AsyncGenerator<string> {}

/** Whether this is an SSH session, sshd(8). */
function isRemote({ system: { environment } }: CommandContext): boolean {
  return ["SSH_CONNECTION", "SSH_TTY"].some((name) => environment.get(name) !== undefined);
}

/** How to forward the port of the redirect URI from the machine with the browser. */
function remoteAdvice(url: URL): string[] {
  const port = URL.parse(url.searchParams.get("redirect_uri") ?? "")?.port;
  if (!port) return [];
  return [
    "This is an SSH session. Before you open the address, run",
    `this where your browser is, or sign in with --device:\n\n  ssh -L ${port}:127.0.0.1:${port} HOST\n`,
  ];
}
