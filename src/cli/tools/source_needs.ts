import { FobError } from "../../errors.ts";
import type { SourceNeeds } from "../../migrate/source.ts";

/** Loads the readers that the sources of a migration share. */
export async function loadSourceNeeds(): Promise<SourceNeeds> {
  const { targetOfText } = await import("../../protocols/target.ts");
  const { readTomlValues } = await import("../../text/formats/toml_format.ts");
  return {
    readToml: readTomlValues,
    placeOf: (address) => {
      try {
        return targetOfText(address);
      } catch (error) {
        if (error instanceof FobError) return undefined;
        throw error;
      }
    },
  };
}
