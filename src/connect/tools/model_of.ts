import type { ModelAddress } from "../../api/model_address.ts";
import { FobError } from "../../errors.ts";
import type { ConnectRequest } from "../tool.ts";

/** The model of the connection of a coding agent. Throws `usage` if its address is unknown. */
export function modelOf({ model }: ConnectRequest): ModelAddress {
  if (model !== undefined) return model;
  throw new FobError("usage", "The path of the models at the host is unknown", {
    facts: { option: "--base-url PATH" },
  });
}
