import type { Choice } from "../../profiles/choose.ts";
import { Secret } from "../../secret.ts";
import type { TokenWish } from "../../tokens/token.ts";
import { openTokenSource, type TokenSource } from "../../tokens/token_source.ts";
import { audited } from "../audited.ts";
import { answerOfChoice, type FoundToken } from "../auth/token.ts";
import type { World } from "../context.ts";

/**
 * The tokens of the credential that has been chosen, for as long as a program runs. From then on signals
 * are that program's: no search for a token is stopped by them.
 */
export async function openSource(
  choice: Choice,
  { minTtl }: TokenWish,
  world: World,
): Promise<TokenSource> {
  let uninterrupted = world.uninterrupted;
  const source = await openTokenSource(minTtl, {
    ...world,
    find: async (wish, since) => {
      const here = {
        ...world,
        ...(since === undefined ? {} : { startedAt: () => Promise.resolve(since) }),
        uninterrupted: <T>(work: () => Promise<T>) => uninterrupted(work),
      };
      const ask = (): Promise<FoundToken> => answerOfChoice(choice, wish, here);
      const { accessToken, ...rest } = await audited("exec", world, ask);
      return { ...rest, token: new Secret(accessToken) };
    },
  });
  uninterrupted = (work) => work();
  return source;
}
