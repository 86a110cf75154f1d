import { FobError } from "../../errors.ts";
import type { Source } from "../../migrate/source.ts";
import { type SourceName, sourceNames, sources } from "../../migrate/sources.ts";
import type { CommandContext } from "../context.ts";
import type { CommonOptions } from "../options.ts";
import { askConsent } from "../ui/prompts.ts";
import { runMigrate } from "./migrate.ts";
import { loadSourceNeeds } from "./source_needs.ts";

/**
 * Offers to take what `tool` has in plaintext into fob, before the tool asks fob alone. Where nobody can be
 * asked, or nothing is to be changed, it is told how.
 */
export async function offerMigration(
  tool: string,
  options: CommonOptions & { readonly print?: true },
  context: CommandContext,
): Promise<void> {
  const from = sourceNames.find((name) => name === tool);
  if (from === undefined) return;
  const source = await sources[from].load(await loadSourceNeeds());
  const found = await countSecrets(source, context);
  if (found === undefined) return;
  const { io: { terminal, notice } } = context;
  if (options.print || options.output === "json" || !terminal.canAsk) {
    return notice(`${found}: fob migrate --from ${from} --remove takes them into fob`);
  }
  if (await askConsent(`${found}. Move them into fob?`, "fob migrate", context)) {
    await move(from, options, context);
  }
}

/** Where there are secrets, and how many. A file that cannot be read is told of, and is no reason to stop. */
async function countSecrets(source: Source, context: CommandContext): Promise<string | undefined> {
  try {
    const files = await Promise.all(
      source.paths(context.system.environment).map(context.system.foreignFile),
    );
    const texts = await Promise.all(
      files.map(async (file) => ({ path: file.path, text: await file.read() })),
    );
    const places = source.find(texts, context.system.clock.now()).filter(({ entry }) =>
      entry !== undefined
    )
      .flatMap((finding) => finding.places);
    const paths = [...new Set(places.map(({ file }) => `"${file}"`))].join(" and ");
    const many = places.length === 1 ? "1 secret" : `${places.length} secrets`;
    return places.length === 0 ? undefined : `There is plaintext in ${paths}, ${many}`;
  } catch (error) {
    if (!(error instanceof FobError) || error.code !== "config_invalid") throw error;
    context.io.notice(error.message);
    return undefined;
  }
}

/** What is in the way of it, is not in the way of what was asked for. */
async function move(
  from: SourceName,
  { input }: CommonOptions,
  context: CommandContext,
): Promise<void> {
  try {
    await runMigrate({ from, input, remove: true }, context);
  } catch (error) {
    if (!(error instanceof FobError) || error.code !== "declined") throw error;
    context.io.notice(error.message);
  }
}
