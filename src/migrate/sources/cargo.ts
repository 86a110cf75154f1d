import { FobError } from "../../errors.ts";
import { Secret } from "../../secret.ts";
import type { TomlValue } from "../../text/formats/toml_format.ts";
import { pathIn } from "../../text/home.ts";
import type { Finding, ForeignText, PlaceOf, SecretKind, Source, SourceNeeds } from "../source.ts";

type ReadToml = SourceNeeds["readToml"];

/** The name of the crates.io registry in requests of cargo (verified with 1.95). */
const cratesIo = "https://github.com/rust-lang/crates.io-index";

/**
 * Cargo's `credentials.toml`, where `cargo login` stores a token for each registry ("Configuration" in the Cargo
 * book). `config.toml` has the index of each registry. Cargo prefers either file without its extension.
 */
export function cargoCredentials({ placeOf, readToml }: SourceNeeds): Source {
  return {
    tool: "cargo",
    paths: (environment, system) => {
      const home = pathIn(["CARGO_HOME"], "~/.cargo", environment, system);
      return ["credentials", "credentials.toml", "config", "config.toml"].map((name) =>
        `${home}/${name}`
      );
    },
    find: ([old, credentials, ...configs]) => {
      const indexes = indexesIn(configs, readToml);
      return [old, credentials].filter((file) => file !== undefined && file.text !== "")
        .flatMap((file) => file === undefined ? [] : findInFile(file, indexes, placeOf, readToml));
    },
  };
}

function read({ path, text }: ForeignText, readToml: ReadToml): readonly TomlValue[] {
  try {
    return readToml(text);
  } catch (cause) {
    // The parser's own message would quote the secrets.
    throw new FobError("config_invalid", `Cannot read "${path}": it is not TOML`, {
      cause,
      facts: { path },
    });
  }
}

function indexesIn(configs: readonly ForeignText[], readToml: ReadToml): Map<string, string> {
  const values = configs.flatMap((config) => config.text === "" ? [] : read(config, readToml));
  return new Map(
    values.flatMap(({ path: [top, name = "", field, ...more], value }) =>
      top === "registries" && field === "index" && more.length === 0 && typeof value === "string"
        ? [[name, value] as const]
        : []
    ),
  );
}

const kinds: Readonly<Record<string, SecretKind>> = {
  token: "access token",
  "secret-key": "client secret",
};

function findInFile(
  file: ForeignText,
  indexes: ReadonlyMap<string, string>,
  placeOf: PlaceOf,
  readToml: ReadToml,
): Finding[] {
  return read(file, readToml).flatMap(({ path, value, isInline, start, end }): Finding[] => {
    const kind = kinds[path.at(-1) ?? ""];
    const registry = registryOf(path);
    if (kind === undefined || registry === undefined || typeof value !== "string") return [];
    const places = [{ file: file.path, key: path.join("."), start, end }];
    const found = { secret: new Secret(value), kind, places };
    if (isInline) return [{ ...found, obstacle: "ambiguous" }];
    if (kind !== "access token") return [{ ...found, obstacle: "unsupported" }];
    const index = registry === "crates-io" ? cratesIo : indexes.get(registry);
    const place = index === undefined ? undefined : placeOf(index.replace(/^sparse\+/, ""));
    if (place === undefined) return [{ ...found, obstacle: "no-address" }];
    return [{ ...found, entry: { tool: "cargo", place, namesUsers: false } }];
  });
}

/** `[registry]`, and `[registries.NAME]`. */
function registryOf(path: readonly string[]): string | undefined {
  if (path.length === 2 && path[0] === "registry") return "crates-io";
  return path.length === 3 && path[0] === "registries" ? path[1] : undefined;
}
