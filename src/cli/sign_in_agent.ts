import type { LoginNeeds } from "../credentials/login.ts";
import { describeDuration } from "./duration.ts";
import type { World } from "./world.ts";

/** The person at this terminal, as a sign-in meets them: everything is said on standard error. */
export function terminalAgent(
  options: { readonly browser: boolean; readonly timeout: number },
  world: World,
): LoginNeeds["agent"] {
  const { terminal, notice } = world;
  const patience = describeDuration(options.timeout);
  return {
    notice,
    openAuthorizationUrl: async (url) => {
      terminal.say(`To sign in, visit this address within ${patience}:\n\n  ${url.href}\n`);
      if (options.browser && await world.openBrowser(url)) {
        terminal.say("Your browser should be showing it.");
      }
      if (terminal.canAsk) {
        terminal.say(
          "If it ends on a page that cannot be reached, paste that page's address here.",
        );
      }
    },
    showUserCode: ({ userCode, verificationUri, verificationUriComplete }) => {
      terminal.say(`To sign in, visit this address on any device:\n\n  ${verificationUri}\n`);
      terminal.say(`and enter this code:\n\n  ${userCode}\n`);
      if (verificationUriComplete !== undefined) {
        terminal.say(
          `or visit ${verificationUriComplete}\nand make sure that it shows the same code.\n`,
        );
      }
      terminal.say(`Waiting for you, at most ${patience}.`);
      return Promise.resolve();
    },
    pastedLines: (signal) => terminal.canAsk ? terminal.lines(signal) : nothing(),
    rejectPaste: (reason) => terminal.say(reason),
  };
}

async function* nothing(): AsyncGenerator<string> {}
