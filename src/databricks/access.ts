/** The part of a Databricks platform that a token is to be good for. */
export interface AccessPlace {
  readonly host: string;
  readonly accountId?: string;
  /** Absent for an account and none of its workspaces. */
  readonly workspaceId?: string;
}

/** One of several things at such a place that a person chooses from. */
export interface Choosable {
  readonly id: string;
  readonly name: string;
}

/** What a host says of a token. */
export interface Access {
  readonly valid: boolean;
  /** Whose it is, where the host says so. */
  readonly user?: string;
  /** Why it is not valid, for people. */
  readonly problem?: string;
}
