import type { Command } from "@commander-js/extra-typings";
import { FobError } from "../../errors.ts";
import { protocolNames, protocols } from "../../protocols/protocols.ts";
import { examples } from "../options.ts";

/** The help of `fob helper`. Calls of tools are read before the command parser is loaded. */
export function addHelper(program: Command): void {
  program.command("helper").description("Answer another tool in its credential helper protocol")
    .usage("PROTOCOL [options] [WORD…]")
    .argument("<protocol>", protocolNames.join(", "))
    .argument("[word...]", "arguments of the tool")
    .option("-p, --profile <name>", "use only this profile")
    .option(
      "--min-ttl <duration>",
      "least remaining lifetime of the token (default: see below)",
    )
    .option("-v, --verbose", "print decisions and their reasons on stderr")
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
        `Unknown protocol "${name.slice(0, 40)}" (allowed: ${protocolNames.join(", ")})`,
      );
    });
}

/** The default of `--min-ttl` by protocol: longer for a tool that uses one token as long as it runs. */
function validities(): string {
  const byTime = Map.groupBy(protocolNames, (name) => protocols[name].minTtl / 60_000);
  const lines = [...byTime].sort(([one], [other]) => one - other)
    .map(([minutes, names]) => `  ${`${minutes}m`.padEnd(3)}  ${names.join(", ")}`);
  return `\nDefaults of --min-ttl:\n${lines.join("\n")}`;
}
