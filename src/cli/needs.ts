import type { KeepNeeds } from "../credentials/login.ts";
import type { Storage } from "../credentials/storage.ts";
import type { ChoiceNeeds } from "../profiles/choose.ts";
import type { EnvironmentNeeds } from "../profiles/environment_token.ts";
import type { Profile } from "../profiles/profile.ts";
import type { FindTokenNeeds, ProfileTokenNeeds } from "../tokens/token_for_choice.ts";
import type { CommandContext } from "./context.ts";

/*
 * The dependencies of use cases that several commands call. Each function picks from the context exactly what
 * the use case declares.
 */

/** The needs of reading the variables of platforms. */
export function environmentNeeds({ system, providers }: CommandContext): EnvironmentNeeds {
  return { environment: system.environment, platforms: providers.platforms };
}

/** The needs of choosing a credential. */
export function choiceNeeds(context: CommandContext): ChoiceNeeds {
  const { storage, machine } = context;
  return {
    ...environmentNeeds(context),
    profiles: storage.profiles,
    workingDirectory: machine.workingDirectory,
    storage: storage.open,
  };
}

/** The needs of getting the token of a chosen credential. */
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

/** The needs of choosing a credential and getting its token. */
export function findTokenNeeds(context: CommandContext): FindTokenNeeds {
  return { ...choiceNeeds(context), ...tokenNeeds(context) };
}

/** The needs of storing a login of `profile` in the storage opened for it. */
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
