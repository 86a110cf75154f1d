import {
  azurePipelinesIdentity,
  githubActionsIdentity,
  type PipelineNeeds,
} from "../oauth/pipeline_identity.ts";
import { identityTokenInFile, identityTokenInVariable } from "../oauth/workload_identity.ts";
import type { Secret } from "../secret.ts";

/** Where a machine's identity token comes from. */
export type IdentitySource =
  | { readonly kind: "github" | "azure" }
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "file"; readonly path: string };

/** What getting an identity token needs. */
export interface IdentityNeeds extends PipelineNeeds {
  /** Reads a text file; `undefined` where there is none. */
  readonly read: (path: string) => Promise<string | undefined>;
}

/**
 * The identity token of this machine, for `audience` where its issuer lets that be chosen. Throws
 * `not_signed_in`, with facts that say where it should have come from, and what its issuer's answers throw.
 */
export async function workloadIdentity(
  source: IdentitySource,
  audience: string,
  needs: IdentityNeeds,
): Promise<Secret> {
  switch (source.kind) {
    case "github":
      return await githubActionsIdentity(audience, needs);
    case "azure":
      return await azurePipelinesIdentity(needs);
    case "variable":
      return identityTokenInVariable(source.name, needs.get);
    case "file":
      return await identityTokenInFile(source.path, needs.read);
  }
}
