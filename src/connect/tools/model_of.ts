import type { ModelAddress } from "../../api/model_address.ts";
import { FobError } from "../../errors.ts";
import type { ConnectRequest } from "../tool.ts";

/** The model of a connection that is for a coding agent. */
export function modelOf({ model }: ConnectRequest): ModelAddress {
  if (model !== undefined) return model;
  throw new FobError("usage", "Where the host has models is not known", {
    facts: { option: "--base-url PATH" },
  });
}
