import { FobError } from "../../errors.ts";
import { boundedFetch, type BoundedFetchOptions } from "../../oauth/http.ts";
import type { Secret } from "../../secret.ts";
import { objectOf } from "../../text/json_object.ts";
import { foreignText } from "../../text/printable.ts";

/**
 * Returns the creator of the app `app` from the Apps API of a Databricks workspace (databricks-sdk-go,
 * service/apps/model.go). `token` is the app's own.
 *
 * @throws {FobError} `provider_unreachable`, or `provider_refused` if the response has no creator.
 */
export async function appCreator(
  host: string,
  app: string,
  token: Secret,
  options: BoundedFetchOptions,
): Promise<string> {
  const address = `${host}/api/2.0/apps/${encodeURIComponent(app)}`;
  const response = await boundedFetch(options)(address, {
    headers: { accept: "application/json", authorization: `Bearer ${token.reveal()}` },
  });
  const body: unknown = response.ok ? await response.json().catch(() => undefined) : undefined;
  const { creator } = objectOf(body);
  if (typeof creator === "string" && creator !== "" && foreignText(creator) === creator) {
    return creator;
  }
  throw new FobError(
    "provider_refused",
    `"${address}" answered HTTP ${response.status} without the creator of the app`,
    { facts: { option: "--owner" } },
  );
}
