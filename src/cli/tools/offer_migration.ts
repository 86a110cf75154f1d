import { FobError } from "../../errors.ts";
import type { Source } from "../../migrate/source.ts";
import { type SourceName, sourceNames, sources } from "../../migrate/sources.ts";
import type { CommandContext } from "../context.ts";
import type { CommonOptions } from "../options.ts";
import { askConsent } from "../ui/prompts.ts";
import { runMigrate } from "./migrate.ts";
import { loadSourceNeeds } from "./source_needs.ts";

/**
 * Offers to move the plaintext secrets of `tool` into fob, before the tool is connected to fob. Without a
 * terminal, or with `--print` or `-o json`, prints the command instead.
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
    return notice(`${found}. To move secrets into fob: fob migrate --from ${from} --remove`);
  }
  if (await askConsent(`${found}. Move to fob?`, "fob migrate", context)) {
    await move(from, options, context);
  }
}

/** The number of secrets and their files, as a sentence. A file that cannot be read causes only a notice. */
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
    return places.length === 0 ? undefined : `Found ${many} in plaintext in ${paths}`;
  } catch (error) {
    if (!(error instanceof FobError) || error.code !== "config_invalid") throw error;
    context.io.notice(error.message);
    return undefined;
  }
}

/** Migrates. If that is declined, prints a notice, so that the connection can go on. */
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
