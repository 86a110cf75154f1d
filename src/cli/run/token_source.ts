import type { Choice } from "../../profiles/choose.ts";
import type { TokenRequest } from "../../tokens/token.ts";
import { tokenForChoice } from "../../tokens/token_for_choice.ts";
import { openTokenSource, type TokenSource } from "../../tokens/token_source.ts";
import { audited } from "../audited.ts";
import type { World } from "../context.ts";

/**
 * The tokens of the credential that has been chosen, for as long as a program runs. From then on signals
 * are that program's: no search for a token is stopped by them.
 */
export async function openSource(
  choice: Choice,
  { minTtl }: TokenRequest,
  world: World,
): Promise<TokenSource> {
  let uninterrupted = world.uninterrupted;
  const source = await openTokenSource(minTtl, {
    ...world,
    find: async (request, since) => {
      const here = {
        ...world,
        ...(since === undefined ? {} : { startedAt: () => Promise.resolve(since) }),
        uninterrupted: <T>(work: () => Promise<T>) => uninterrupted(work),
      };
      return await audited("exec", world, () => tokenForChoice(choice, request, here));
    },
  });
  uninterrupted = (work) => work();
  return source;
}
