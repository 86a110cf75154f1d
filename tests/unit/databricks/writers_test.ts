import assert from "node:assert/strict";
import fc from "fast-check";
import { type DatabricksProfile, DatabricksProfiles } from "../../../src/databricks/config_file.ts";
import { removeProfile, setDefaultProfile, writeLogin } from "../../../src/databricks/edits.ts";
import { userFile } from "../../../src/system/files/user_file.ts";
import { rewriteAsDatabricks } from "../../fakes/machine/databricks_writer.ts";
import { MemoryLocks } from "../../fakes/machine/memory_locks.ts";
import { makeTemporaryDirectory } from "../../fakes/machine/temporary_directory.ts";
import { nastyConfig } from "./databricks_config.ts";

const ours = { name: "ours", host: "https://ours.example" };

/** The other profiles, sorted by name because Databricks' CLI writes DEFAULT first. */
function others(text: string): DatabricksProfile[] {
  return new DatabricksProfiles(text, "").all()
    .filter(({ name }) => !["ours", "theirs"].includes(name))
    .sort((one, other) => one.name < other.name ? -1 : 1);
}

const edits: Readonly<Record<string, (text: string) => string>> = {
  "a login": (text) => writeLogin(text, ours),
  "a removal": (text) => removeProfile(text, "a"),
  "a new default": (text) => setDefaultProfile(writeLogin(text, ours), "ours"),
};

for (const [what, edit] of Object.entries(edits)) {
  Deno.test(`${what} during a rewrite by Databricks' CLI loses nothing`, async () => {
    await fc.assert(
      fc.asyncProperty(nastyConfig, fc.integer({ min: 0, max: 3 }), async (before, rewrites) => {
        await using directory = await makeTemporaryDirectory();
        const path = `${directory.path}/.databrickscfg`;
        await Deno.writeTextFile(path, before);
        let written: string | undefined;
        let left = rewrites;
        await userFile(path, new MemoryLocks()).change((text) => {
          if (left-- > 0) {
            written = `https://theirs-${left}.example`;
            Deno.writeTextFileSync(path, rewriteAsDatabricks(text, "theirs", { host: written }));
          }
          return edit(text);
        });
        const after = await Deno.readTextFile(path);
        const profiles = new DatabricksProfiles(after, path);
        assert.equal(profiles.get("theirs")?.host, written);
        assert.equal(profiles.get("ours") !== undefined, what !== "a removal");
        assert.equal(edit(after), after);
        assert.deepEqual(others(after), others(edit(before)));
      }),
      { numRuns: 50, examples: [["host=h.example\n[a.b]\nhost=v\n[DEFAULT]\n", 1]] },
    );
  });
}
