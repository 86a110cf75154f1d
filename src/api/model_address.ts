import { apiAddress } from "./address.ts";

/** Where a platform has models for a coding agent. */
export interface ModelPlace {
  /** The path at the profile's host. */
  readonly path: string;
  readonly model: string;
  /** What titles and summaries are written by. */
  readonly smallModel?: string;
}

/** What a person says of the model that a coding agent shall use. */
export interface ModelOptions {
  /** A path at the API, or an address there. */
  readonly baseUrl?: string;
  readonly model?: string;
}

/** A model, and where it is. */
export interface ModelAddress {
  readonly baseUrl: string;
  readonly model?: string;
  readonly smallModel?: string;
}

/**
 * The model at `api` that is wished, or else the one that `place` knows; `undefined` where nobody says where
 * models are.
 *
 * @throws {FobError} `usage` for an address elsewhere, to which the token may not go.
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
