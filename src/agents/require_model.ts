import type { ModelAddress } from "../api/model_address.ts";
import { FobError } from "../errors.ts";

/**
 * Returns the models of `access`, for an agent that has no default model.
 *
 * @throws {FobError} `usage` if no model is given.
 */
export function requireModel(
  program: string,
  { model, smallModel }: Omit<ModelAddress, "baseUrl">,
): { readonly model: string; readonly smallModel?: string } {
  if (model === undefined) {
    throw new FobError("usage", `${program} needs a model`, {
      facts: { option: "--model NAME" },
    });
  }
  return smallModel === undefined ? { model } : { model, smallModel };
}
