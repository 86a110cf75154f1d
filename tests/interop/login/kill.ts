/** Kills a refresh at a given point. */
import type { AuthorizationServer, TokenStage } from "../../fakes/servers/authorization_server.ts";
import { lines } from "../../rigs/lines.ts";
import { ended, type LoginHome } from "./login_home.ts";

/** The point of a kill: on entry of a call of `syscall`, before it has an effect. */
export interface KillPoint {
  readonly syscall: string;
  /** The path of the file, default any. */
  readonly path?: string;
  /** The number of the call within its thread, default 1. */
  readonly nth?: number;
}

/** A token request that the server holds back. */
export interface HeldRequest {
  readonly reached: Promise<void>;
  /** Continues the request. */
  release(): void;
  /** Drops the request. A refresh token that is not used yet stays unused. */
  drop(): void;
}

/** Holds back the next token request of `server` at `stage`. Later requests are not affected. */
export function holdNext(server: AuthorizationServer, stage: TokenStage): HeldRequest {
  const reached = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  server.onToken = (at): Promise<void> | undefined => {
    if (at !== stage) return undefined;
    server.onToken = undefined;
    reached.resolve();
    return released.promise;
  };
  return {
    reached: reached.promise,
    release: () => released.resolve(),
    drop: () => released.reject(new Error("Request dropped")),
  };
}

const authToken = ["auth", "token"];

/** strace's line for a killed thread. */
const killed = "+++ killed by SIGKILL +++";

/** Kills a refresh when the server is at `stage`, and drops the request. */
export async function killWhile(stage: "received" | "spent", home: LoginHome): Promise<void> {
  const request = holdNext(home.server, stage);
  const child = home.start(authToken);
  await request.reached;
  child.kill("SIGKILL");
  await ended(child);
  request.drop();
}

/** Runs a refresh and kills it at `point`. Resolves to `false` if it ended before. */
export async function killAtCall(
  point: KillPoint,
  home: LoginHome,
): Promise<boolean> {
  const { stderr } = await home.run(authToken, {}, ["strace", ...killingAt(point)]);
  return stderr.includes(killed);
}

/**
 * Runs a refresh, continues `request` when it arrives, and kills the refresh at the first `point` after that.
 * Resolves to `false` if it ended before.
 *
 * The shell that starts fob becomes the tracer, because some systems allow only ancestors to trace.
 */
export async function killAtCallAfter(
  request: HeldRequest,
  point: KillPoint,
  home: LoginHome,
): Promise<boolean> {
  const script = 'options=$1; shift; "$@" & read -r _; exec strace -p $! $options';
  const options = killingAt(point).join(" ");
  const child = home.start(authToken, ["sh", "-c", script, "sh", options]);
  await request.reached;
  await child.stdin.getWriter().close();
  let isKilled = false;
  for await (const line of lines(child.stderr)) {
    if (/^strace: Process \d+ attached/.test(line)) request.release();
    if (line.includes(killed)) isKilled = true;
  }
  await Promise.all([child.status, child.stdout.cancel()]);
  return isKilled;
}

function killingAt({ syscall, path, nth = 1 }: KillPoint): string[] {
  const inject = `inject=${syscall}:signal=KILL:when=${nth}`;
  const narrowed = path === undefined ? [] : ["-P", path];
  return ["-f", ...narrowed, "-e", `trace=${syscall}`, "-e", inject];
}
