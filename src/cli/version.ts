import type { Command } from "@commander-js/extra-typings";
import { addCommand } from "./options.ts";
import type { World } from "./world.ts";

export function addVersion(program: Command, { version, terminal }: World): void {
  addCommand(program, "version", "Print the version")
    .action(({ output }) => {
      const { os, arch } = Deno.build;
      const fields = { version, os, arch, deno: Deno.version.deno };
      terminal.answer(
        output === "json" ? JSON.stringify(fields, undefined, 2) + "\n" : `fob ${version}\n`,
      );
    });
}
