import type { Command } from "@commander-js/extra-typings";
import { FobError } from "../../errors.ts";
import { protocolNames, protocols } from "../../protocols/protocols.ts";
import { examples } from "../options.ts";

/** `fob helper` for people: what tools say is read before the parser is loaded. */
export function addHelper(program: Command): void {
  program.command("helper").description("Answer another tool in its own credential protocol")
    .usage("PROTOCOL [options] [WORD…]")
    .argument("<protocol>", protocolNames.join(", "))
    .argument("[word...]", "what the tool says")
    .option("-p, --profile <name>", "the profile that answers, and no other")
    .option("--min-ttl <duration>", "how long the token must still live; see below")
    .option("-v, --verbose", "say on stderr what is decided, and why")
    .addHelpText("after", validities())
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

/** How long the tokens of each protocol still live: longer for a tool that uses one as long as it runs. */
function validities(): string {
  const byTime = Map.groupBy(protocolNames, (name) => protocols[name].minTtl / 60_000);
  const lines = [...byTime].sort(([one], [other]) => one - other)
    .map(([minutes, names]) => `  ${`${minutes}m`.padEnd(3)}  ${names.join(", ")}`);
  return `\nWhere --min-ttl does not say otherwise, a token still lives for:\n${lines.join("\n")}`;
}
