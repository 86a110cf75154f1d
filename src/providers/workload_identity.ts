import {
  azurePipelinesIdentity,
  githubActionsIdentity,
  type PipelineNeeds,
} from "../oauth/pipeline_identity.ts";
import { identityTokenInFile, identityTokenInVariable } from "../oauth/workload_identity.ts";
import type { Secret } from "../secret.ts";

/** Where a workload's identity token comes from. */
export type IdentitySource =
  | { readonly kind: "github" | "azure" }
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "file"; readonly path: string };

/** What getting an identity token needs. */
export interface IdentityNeeds extends PipelineNeeds {
  /** Reads a text file. Returns `undefined` if it does not exist. */
  readonly read: (path: string) => Promise<string | undefined>;
}

/**
 * Gets the identity token of this workload, for `audience` if its issuer supports a choice.
 *
 * @throws {FobError} `not_signed_in`, with facts that name the missing source, and the errors of the issuer's
 * response.
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
