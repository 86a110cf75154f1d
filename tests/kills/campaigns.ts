import type { Campaign } from "./campaign.ts";
import { connectDocker, connectGit } from "./connect.ts";
import { lease } from "./lease.ts";
import { login } from "./login.ts";
import { logout } from "./logout.ts";
import { migrate } from "./migrate.ts";
import { move } from "./move.ts";
import { refresh } from "./refresh.ts";

/** All campaigns. */
export const campaigns: readonly Campaign[] = [
  login,
  refresh,
  logout,
  move,
  migrate,
  connectDocker,
  connectGit,
  lease,
];
