import { apiAddress } from "./address.ts";

/** The models of a platform for a coding agent. */
export interface ModelPlace {
  /** The path at the profile's host. */
  readonly path: string;
  readonly model: string;
  /** The model for titles and summaries. */
  readonly smallModel?: string;
}

/** The options for the model of a coding agent. */
export interface ModelOptions {
  /** A path or a URL at the API. */
  readonly baseUrl?: string;
  readonly model?: string;
}

/** A model and its base URL. */
export interface ModelAddress {
  readonly baseUrl: string;
  readonly model?: string;
  readonly smallModel?: string;
}

/**
 * Returns the model of the options, or else of `place`; `undefined` if neither has a base URL.
 *
 * @throws {FobError} `usage` for a base URL at another origin, because the token must not be sent there.
 */
export function modelAddress(
  place: ModelPlace | undefined,
  { baseUrl, model }: ModelOptions,
  api: URL,
): ModelAddress | undefined {
  const path = baseUrl ?? place?.path;
  if (path === undefined) return undefined;
  const names: Pick<ModelAddress, "model" | "smallModel"> = model === undefined
    ? namesOf(place)
    : { model };
  return { baseUrl: apiAddress(path, api).href, ...names };
}

function namesOf(place: ModelPlace | undefined): Pick<ModelAddress, "model" | "smallModel"> {
  if (place === undefined) return {};
  const { model, smallModel } = place;
  return smallModel === undefined ? { model } : { model, smallModel };
}
