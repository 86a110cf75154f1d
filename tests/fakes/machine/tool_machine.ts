import type { Credential } from "../../../src/credentials/credential.ts";
import { writeCredential } from "../../../src/credentials/envelope.ts";
import { requireCredential } from "../../../src/credentials/require_credential.ts";
import type { ToolAnswer, ToolNeeds, ToolRequest } from "../../../src/helpers/get.ts";
import { answerTool } from "../../../src/helpers/get.ts";
import { present } from "../../../src/present.ts";
import type { Place } from "../../../src/profiles/place.ts";
import { accountOf, type Profile } from "../../../src/profiles/profile.ts";
import { Profiles } from "../../../src/profiles/profile_file.ts";
import { github } from "../../../src/providers/github.ts";
import { oidc } from "../../../src/providers/oidc.ts";
import type { Notes } from "../../../src/system/files/notes.ts";
import { minute, noon, tokensOf } from "../stores/credentials.ts";
import { MemoryStore } from "../stores/memory_store.ts";
import { FakeClock } from "./clock.ts";
import { environmentOf } from "./environment.ts";
import { type FakeWorkingDirectory, fakeWorkingDirectory } from "./working_directory.ts";
import { MemoryLocks } from "./memory_locks.ts";

/** Notes in memory. */
export class MemoryNotes implements Notes {
  readonly texts = new Map<string, string>();
  /** When set, every write fails with it. */
  failure: Error | undefined;

  read(name: string): Promise<string | undefined> {
    return Promise.resolve(this.texts.get(name));
  }

  write(name: string, text: string): Promise<void> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    this.texts.set(name, text);
    return Promise.resolve();
  }

  remove(name: string): Promise<void> {
    this.texts.delete(name);
    return Promise.resolve();
  }
}

/** A fake machine with profiles for credential helpers. A login is refreshed only if that is forced. */
export class ToolMachine {
  readonly memory = new MemoryStore();
  readonly clock = new FakeClock(noon);
  readonly noted = new MemoryNotes();
  /** The profile of each requested token, with `!` if a refresh was forced. */
  readonly asked: string[] = [];
  readonly needs: ToolNeeds;
  callerPid = 1;
  #turn = 1;

  constructor(
    profiles: string,
    variables: Readonly<Record<string, string>> = {},
    place: FakeWorkingDirectory = {},
  ) {
    const locks = new MemoryLocks();
    this.needs = {
      environment: environmentOf(variables),
      profiles: () => Promise.resolve(new Profiles(profiles, "config.ini")),
      platforms: [oidc, github],
      workingDirectory: fakeWorkingDirectory(place),
      clock: this.clock,
      store: () => Promise.resolve(this.memory),
      locks: () => locks,
      notes: () => this.noted,
      uninterrupted: (act) => act(),
      token: (profile, { force = false }) => this.#token(profile, force),
      callerPid: 0,
    };
  }

  async #token(profile: Profile, force: boolean): ReturnType<ToolNeeds["token"]> {
    this.asked.push(`${profile.name}${force ? "!" : ""}`);
    const credential = await requireCredential(profile, { store: this.memory, platforms: [] });
    if (credential.kind === "pat") return { token: credential.token, tokenType: "Bearer" };
    const tokens = force ? tokensOf(++this.#turn) : credential.tokens;
    if (force) await this.keep(profile, { ...credential, tokens });
    const { accessToken: token, tokenType } = tokens;
    return { token, tokenType, expiresAt: noon + 60 * minute };
  }

  /** Stores `credential` for a profile. */
  async keep(profile: Profile, credential: Credential): Promise<void> {
    await writeCredential(accountOf(profile), credential, this.memory);
  }

  /** Stores a login for the profile `name`, at its host. */
  async signIn(name: string): Promise<void> {
    const profile = (await this.needs.profiles()).get(name) ?? { name, provider: "oidc" };
    const host = present({ host: profile.host });
    const issuer = "https://login.example";
    const tokens = tokensOf(1);
    await this.keep(profile, { kind: "oauth", ...host, issuer, clientId: "fob", tokens });
  }

  /** What git gets for a place, or what `wish` says otherwise. */
  ask(place: Place | undefined, wish: Partial<ToolRequest> = {}): Promise<ToolAnswer | undefined> {
    const where = present({ place });
    const needs = { ...this.needs, callerPid: this.callerPid };
    return answerTool({ tool: "git", ...where, token: {}, ...wish }, needs);
  }

  /** The accounts with a stored credential. */
  accounts(): string[] {
    return [...this.memory.contents().keys()].sort();
  }
}

/** The place at an address. */
export function at(address: string): Place {
  const { origin, pathname } = new URL(address);
  const path = decodeURI(pathname.slice(1));
  return { origins: [origin], ...(path === "" ? {} : { path }) };
}
