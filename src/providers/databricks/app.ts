import { FobError } from "../../errors.ts";
import { boundedFetch, type BoundedFetchOptions } from "../../oauth/http.ts";
import type { Secret } from "../../secret.ts";
import { objectOf } from "../../text/json_object.ts";
import { foreignText } from "../../text/printable.ts";

/**
 * Who made the app called `app` of a Databricks workspace, by its Apps API (databricks-sdk-go,
 * service/apps/model.go). `token` is the app's own.
 *
 * @throws {FobError} `provider_unreachable`, or `provider_refused` where the host does not say.
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
    `"${address}" answered HTTP ${response.status} and does not say who made the app`,
    { facts: { option: "--owner" } },
  );
}
