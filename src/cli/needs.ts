import type { KeepNeeds } from "../credentials/login.ts";
import type { Storage } from "../credentials/storage.ts";
import type { ChoiceNeeds } from "../profiles/choose.ts";
import type { EnvironmentNeeds } from "../profiles/environment_token.ts";
import type { Profile } from "../profiles/profile.ts";
import type { FindTokenNeeds, ProfileTokenNeeds } from "../tokens/token_for_choice.ts";
import type { CommandContext } from "./context.ts";

/*
 * What several commands hand to the same use case. Each function lists what the use case declares, so that it
 * gets nothing else of the context.
 */

/** What reading the variables of platforms needs. */
export function environmentNeeds({ system, providers }: CommandContext): EnvironmentNeeds {
  return { environment: system.environment, platforms: providers.platforms };
}

/** What choosing a credential needs. */
export function choiceNeeds(context: CommandContext): ChoiceNeeds {
  const { storage, machine } = context;
  return {
    ...environmentNeeds(context),
    profiles: storage.profiles,
    here: machine.here,
    storage: storage.open,
  };
}

/** What the token of a chosen credential needs. */
export function tokenNeeds(
  { io, system, storage, providers, machine }: CommandContext,
): ProfileTokenNeeds {
  return {
    clock: system.clock,
    startedAt: machine.startedAt,
    uninterrupted: system.uninterrupted,
    platforms: providers.platforms,
    profiles: storage.profiles,
    storage: storage.open,
    provider: providers.open,
    identity: providers.identity,
    notice: io.notice,
    trace: io.trace,
  };
}

/** What choosing a credential and getting its token need. */
export function findTokenNeeds(context: CommandContext): FindTokenNeeds {
  return { ...choiceNeeds(context), ...tokenNeeds(context) };
}

/** What keeping a login needs: the storage that was opened for `profile`, and the file of that profile. */
export function keepNeeds(
  profile: Profile,
  { store, locks }: Pick<Storage, "store" | "locks">,
  { system, storage }: CommandContext,
): KeepNeeds & Pick<CommandContext["system"], "clock"> {
  return {
    store,
    locks,
    profileFile: storage.profileFile(profile),
    uninterrupted: system.uninterrupted,
    clock: system.clock,
  };
}
