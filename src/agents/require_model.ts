import type { ModelAddress } from "../api/model_address.ts";
import { FobError } from "../errors.ts";

/**
 * The models of `access`, for an agent that has none of its own for a place that it does not know.
 *
 * @throws {FobError} `usage` where none is said.
 */
export function requireModel(
  program: string,
  { model, smallModel }: Omit<ModelAddress, "baseUrl">,
): { readonly model: string; readonly smallModel?: string } {
  if (model === undefined) {
    throw new FobError("usage", `${program} has to be told which model`, {
      facts: { option: "--model NAME" },
    });
  }
  return smallModel === undefined ? { model } : { model, smallModel };
}
