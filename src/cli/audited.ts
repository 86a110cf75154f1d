import { FobError } from "../errors.ts";
import { present } from "../present.ts";
import type { CommandContext } from "./context.ts";

/**
 * Runs `act`, writes the outcome to the audit log if it is enabled, and returns the result. `protocol`: how the
 * token was requested. Only the profile of the result is read.
 */
export async function audited<T extends { readonly profile?: string } | undefined>(
  protocol: string,
  { io: { audit } }: { readonly io: Pick<CommandContext["io"], "audit"> },
  act: () => Promise<T>,
): Promise<T> {
  const result = await auditedFailure(protocol, { io: { audit } }, act);
  const profile = result?.profile;
  await audit({
    protocol,
    outcome: result === undefined ? "none" : "answered",
    ...present({ profile }),
  });
  return result;
}

/** Runs `act`, which returns no token yet, and writes only a failure to the audit log. */
export async function auditedFailure<T>(
  protocol: string,
  { io: { audit } }: { readonly io: Pick<CommandContext["io"], "audit"> },
  act: () => Promise<T>,
): Promise<T> {
  return await act().catch(async (error: unknown) => {
    const { code, profile } = failureFields(error);
    await audit({
      protocol,
      outcome: "failed",
      code,
      ...present({ profile }),
    });
    throw error;
  });
}

function failureFields(
  error: unknown,
): { readonly code: string; readonly profile?: string | undefined } {
  if (!(error instanceof FobError)) return { code: "failed" };
  return { code: error.code, profile: error.facts["profile"] };
}
