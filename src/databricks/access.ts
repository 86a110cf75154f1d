/** The host, account and workspace that a token must be valid for. */
export interface AccessPlace {
  readonly host: string;
  readonly accountId?: string;
  /** Absent for an account without a workspace. */
  readonly workspaceId?: string;
}

/** An item that a user chooses from a list. */
export interface Choosable {
  readonly id: string;
  readonly name: string;
}

/** Whether a host accepts a token. */
export interface Access {
  readonly valid: boolean;
  /** The user of the token, if the host reports one. */
  readonly user?: string;
  /** Why it is not valid, for messages. */
  readonly problem?: string;
}
