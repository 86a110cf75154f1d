import { deepEqual } from "node:assert/strict";
import { staleCompletions } from "../../../../src/cli/completions/installed.ts";
import { scripts } from "../../../../src/cli/completions/scripts.ts";
import { FobError } from "../../../../src/errors.ts";
import { environmentOf } from "../../../fakes/machine/environment.ts";
import { MemoryTextFile } from "../../../fakes/machine/memory_text_file.ts";

/** The stale completions on a machine with these files. */
async function staleAmong(files: Readonly<Record<string, string>>): Promise<unknown> {
  return await staleCompletions({
    system: {
      environment: environmentOf({ HOME: "/home/ada" }),
      foreignFile: (path) => Promise.resolve(new MemoryTextFile(files[path] ?? "", path)),
    },
  });
}

const own = "/home/ada/.config/fish/completions/fob.fish";
const packaged = "/usr/share/zsh/vendor-completions/_fob";

Deno.test("completions from another version are stale", async () => {
  deepEqual(await staleAmong({ [own]: "complete -c fob", [packaged]: scripts.zsh }), [
    { shell: "fish", path: own },
  ]);
  deepEqual(await staleAmong({ [packaged]: scripts.fish }), [{ shell: "zsh", path: packaged }]);
  deepEqual(await staleAmong({}), []);
});

Deno.test("an unreadable file is not stale", async () => {
  const found = await staleCompletions({
    system: {
      environment: environmentOf({}),
      foreignFile: () => Promise.reject(new FobError("io_failed", "denied")),
    },
  });
  deepEqual(found, []);
});
