import { FobError } from "../errors.ts";
import { present } from "../present.ts";
import type { CommandContext } from "./context.ts";

/**
 * What `act` brings, after it has been written to the audit log, if there is to be one. `protocol`: how it was
 * asked for. Nothing of what it brings but the profile is looked at.
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

/** What `act` brings, which is no token yet; that it fails is written to the audit log. */
export async function auditedFailure<T>(
  protocol: string,
  { io: { audit } }: { readonly io: Pick<CommandContext["io"], "audit"> },
  act: () => Promise<T>,
): Promise<T> {
  return await act().catch(async (error: unknown) => {
    const { code, profile } = told(error);
    await audit({
      protocol,
      outcome: "failed",
      code,
      ...present({ profile }),
    });
    throw error;
  });
}

function told(error: unknown): { readonly code: string; readonly profile?: string | undefined } {
  if (!(error instanceof FobError)) return { code: "failed" };
  return { code: error.code, profile: error.facts["profile"] };
}
