import type { Edit, Json } from "../../text/formats/settings_format.ts";
import { toml } from "../../text/formats/toml_format.ts";
import { pathIn } from "../../text/home.ts";
import { isObject, objectOf } from "../../text/json_object.ts";
import type { Change, Tool } from "../tool.ts";

/**
 * Cargo: `credential-provider` of the registries with that index, else `global-credential-providers`, where
 * later entries go first ("Registry Authentication" in the Cargo book). Cargo passes only its own argument, so
 * fob is called by the name of a link.
 */
export const cargo: Tool = {
  tool: "cargo",
  takesAnyAddress: true,
  connect: ({ origins, profile, folder, environment, system }): Change[] => {
    const home = pathIn(["CARGO_HOME"], "~/.cargo", environment, system);
    const name = "cargo-credential-fob";
    const program = `${folder}/${name}${system === "windows" ? ".exe" : ""}`;
    const provider = [program, ...profile === undefined ? [] : ["--profile", profile]];
    return [
      { kind: "link", name, directory: folder },
      {
        kind: "settings",
        path: `${home}/config.toml`,
        // "Hierarchical structure": if both exist, cargo reads the file without the extension.
        older: `${home}/config`,
        format: "toml",
        edits: (text) => editsFor(text, origins, provider),
      },
    ];
  },
};

function editsFor(
  text: string,
  origins: readonly string[],
  provider: readonly string[],
): readonly Edit[] {
  const registries = registriesAt(toml.get(text, ["registries"]), origins);
  if (registries.length > 0) {
    return registries.map((name) => ({
      key: ["registries", name, "credential-provider"],
      value: provider,
    }));
  }
  // Entries of the list are split at spaces, so an alias is needed. `cargo:token` is cargo's default.
  const key = ["registry", "global-credential-providers"];
  const there = toml.get(text, key);
  const list = Array.isArray(there) ? there : ["cargo:token"];
  return [
    { key: ["credential-alias", "fob"], value: provider },
    { key, value: list.includes("fob") ? list : [...list, "fob"] },
  ];
}

function registriesAt(registries: Json | undefined, origins: readonly string[]): string[] {
  if (!isObject(registries)) return [];
  return Object.entries(registries).filter(([, registry]) => {
    const index = objectOf(registry)["index"];
    const url = typeof index === "string" ? index.replace(/^sparse\+/, "") : "";
    return origins.includes(URL.parse(url)?.origin ?? "");
  }).map(([name]) => name);
}
