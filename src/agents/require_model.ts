import { FobError } from "../errors.ts";
import type { ModelAccess } from "./agent.ts";

/**
 * The models of `access`, for an agent that has none of its own for a place that it does not know.
 *
 * @throws {FobError} `usage` where none is said.
 */
export function requireModel(
  program: string,
  { model, smallModel }: ModelAccess,
): { readonly model: string; readonly smallModel?: string } {
  if (model === undefined) {
    throw new FobError("usage", `${program} has to be told which model`, {
      facts: { option: "--model" },
    });
  }
  return smallModel === undefined ? { model } : { model, smallModel };
}
