import type { Choice } from "../../profiles/choose.ts";
import type { TokenRequest } from "../../tokens/token.ts";
import { tokenForChoice } from "../../tokens/token_for_choice.ts";
import { openTokenSource, type TokenSource } from "../../tokens/token_source.ts";
import { audited } from "../audited.ts";
import type { CommandContext } from "../context.ts";
import { tokenNeeds } from "../needs.ts";

/**
 * The tokens of the chosen credential, for as long as a program runs. Signals are then for that program and
 * do not interrupt the search for a token.
 */
export async function openSource(
  choice: Choice,
  { minTtl }: TokenRequest,
  context: CommandContext,
): Promise<TokenSource> {
  const { clock, uninterrupted: held } = context.system;
  let uninterrupted = held;
  const source = await openTokenSource(minTtl, {
    clock,
    notice: context.io.notice,
    find: async (request, since) => {
      const needs = {
        ...tokenNeeds(context),
        ...(since === undefined ? {} : { startedAt: () => Promise.resolve(since) }),
        uninterrupted: <T>(work: () => Promise<T>) => uninterrupted(work),
      };
      return await audited("exec", context, () => tokenForChoice(choice, request, needs));
    },
  });
  uninterrupted = (work) => work();
  return source;
}
