import type { Command } from "@commander-js/extra-typings";
import { FobError } from "../../errors.ts";
import { examples } from "../options.ts";
import { protocolNames } from "./helper_call.ts";

/** `fob helper` for people: what tools say is read before the parser is loaded. */
export function addHelper(program: Command): void {
  program.command("helper").description("Answer another tool in its own credential protocol")
    .usage("PROTOCOL [options] [WORD…]")
    .argument("<protocol>", protocolNames.join(", "))
    .argument("[word...]", "what the tool says")
    .option("-p, --profile <name>", "the profile that answers, and no other")
    .option("--min-ttl <duration>", "how long the token must still live; see below")
    .option("-v, --verbose", "say on stderr what is decided, and why")
    .addHelpText("after", validities)
    .addHelpText(
      "after",
      examples(
        "git config --global credential.https://git.example.com.helper '!fob helper git'",
        "fob helper docker list",
        "GOAUTH='fob helper go --profile work' go mod download",
      ),
    )
    .action((name) => {
      throw new FobError(
        "usage",
        `Unknown protocol "${name.slice(0, 40)}": valid are ${protocolNames.join(", ")}`,
      );
    });
}

/** The `minTtl` of each protocol: a tool that uses a token for as long as it runs gets a longer one. */
export const validities = `
Where --min-ttl does not say otherwise, a token still lives for:
  5m   git, docker, kubectl, cargo, bazel
  15m  terraform, pnpm, keyring, go`;
