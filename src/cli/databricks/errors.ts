import type { Storage } from "../../credentials/storage.ts";
import { FobError } from "../../errors.ts";
import { objectOf, parseObject } from "../../text/json_object.ts";
import type { CommandContext } from "../context.ts";

/** An error with a message of Databricks' CLI, which has no codes: every error exits with 1. */
export function databricksError(message: string): FobError {
  return new FobError("usage", message);
}

/** The message of Databricks' CLI for `error`, which is not about a token. */
export function messageOf(error: FobError): string {
  const { mode, source, usage } = error.facts;
  if (mode !== undefined && mode !== "legacy" && !source?.startsWith("FOB_")) {
    return `${source?.split(" ")[0]}: unknown storage mode "${mode}" (want plaintext or secure)`;
  }
  return usage === undefined ? error.message : `${error.message}\n\nUsage:\n  ${usage}`;
}

/** The requested token, as in the hint. */
export interface Asked {
  /** The arguments of `databricks auth login`. */
  readonly login: string;
  readonly force: boolean;
}

/** The error of Databricks' CLI when it has no token to return (cmd/auth/token.go). */
export async function tokenError(
  error: unknown,
  { login, force }: Asked,
  storage: Storage,
  context: CommandContext,
): Promise<unknown> {
  if (!(error instanceof FobError)) return error;
  const advice = `\`databricks auth login ${login}\``;
  switch (error.code) {
    case "not_signed_in":
      return databricksError(
        "cache: databricks OAuth is not configured for this host. " +
          await missHint(storage, context),
      );
    case "sign_in_again":
      if (error.cause instanceof FobError) {
        return databricksError(
          "A new access token could not be retrieved because the refresh token is invalid. " +
            `To reauthenticate, run the following command:\n  $ databricks auth login ${login}`,
        );
      }
      break;
    case "provider_refused":
    case "provider_unreachable":
    case "provider_answer_invalid":
    case "issuer_mismatch":
      break;
    default:
      return error;
  }
  const what = force ? "forced token refresh" : "token refresh";
  return databricksError(
    `${what}: ${reasonOf(error)}. Try logging in again with ${advice} before retrying. ` +
      "If this fails, please report this issue to the maintainers of fob, which provides this databricks command",
  );
}

/** The reason of the server's response, with its error code. */
function reasonOf({ message, facts: { error, reason } }: FobError): string {
  return reason === undefined || error === undefined ? message : `${reason} (error code: ${error})`;
}

/** The hint if no credential is stored (libs/auth/storage/not_found_hint.go). */
export async function missHint({ chosen }: Storage, context: CommandContext): Promise<string> {
  if (chosen.mode !== "legacy" && await hasOldTokens(context)) {
    return "stored credentials from older CLI versions are no longer used; run `databricks auth " +
      "login` to sign in again, or set DATABRICKS_AUTH_STORAGE=plaintext to keep using the file cache";
  }
  return "no cached credentials; run `databricks auth login` to sign in";
}

/** Whether the token cache has an entry. `false` for a file that cannot be read. */
async function hasOldTokens(
  { system: { environment, foreignFile } }: CommandContext,
): Promise<boolean> {
  try {
    const { tokenCachePath } = await import("../../databricks/paths.ts");
    const text = await (await foreignFile(tokenCachePath(environment))).read();
    return Object.keys(objectOf(parseObject(text)?.["tokens"])).length > 0;
  } catch {
    return false;
  }
}
