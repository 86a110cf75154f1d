import type { ProfileFormat, ProfileSource } from "../../../src/profiles/profile_source.ts";
import type { Platform } from "../../../src/providers/platform.ts";
import { MemoryUserFile } from "./memory_user_file.ts";

/** A fake platform with its own format of the profile file. */
export const forge: Platform = {
  id: "forge",
  title: "Forge",
  domains: [".forge.example"],
  variables: { token: ["FORGE_TOKEN"], host: "FORGE_HOST", profile: "FORGE_PROFILE" },
  answers: { noLogin: "forge: no login", expiryIfUnknown: 60_000 },
};

/** Lines of `name address`. The first profile is the default. */
const format: ProfileFormat = {
  read: (text, path) => {
    const lines = text.split("\n").filter(Boolean).map((line) => line.split(" "));
    const names = lines.map(([name = ""]) => name);
    const profileAt = (at: number) => {
      const [name, host] = lines[at] ?? [];
      return name === undefined || host === undefined
        ? undefined
        : { name, provider: forge.id, host };
    };
    return {
      path,
      names: () => names,
      get: (name) => profileAt(names.indexOf(name)),
      forHost: (address) => profileAt(lines.findIndex(([, host]) => host === address)),
      byDefault: () => names[0],
      authStorage: () => undefined,
      secretOf: () => undefined,
    };
  },
  write: (text, { name, host }) => `${text}${name} ${host}\n`,
  remove: (text, name) =>
    text.split("\n").filter((line) => !line.startsWith(`${name} `)).join("\n"),
  readAddress: (address) => {
    const [host = "", workspaceId] = address.split("#");
    return { host, ...(workspaceId === undefined ? {} : { workspaceId }) };
  },
  commands: () => [],
};

/** The profile source of the fake platform. */
export const forgeProfiles: ProfileSource = {
  provider: forge.id,
  title: forge.title,
  variable: "FORGE_FILE",
  path: () => "~/.forge",
  load: () => Promise.resolve(format),
  storage: {
    variable: "FORGE_STORAGE",
    key: "storage",
    words: { vault: "secure", file: "legacy" },
    path: () => "~/.forge-logins",
    open: () => Promise.reject(new Error("not in this test")),
    count: (text) => Promise.resolve(text.split("\n").filter(Boolean).length),
  },
};

/** The profile file with `text`, in memory. */
export function forgeFile(text: string): MemoryUserFile & { readonly source: ProfileSource } {
  return Object.assign(new MemoryUserFile(text, "~/.forge"), { source: forgeProfiles });
}
