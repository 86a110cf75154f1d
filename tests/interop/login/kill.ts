/** A refresh, killed where and when a test wants it. */
import type { AuthorizationServer, TokenStage } from "../../fakes/servers/authorization_server.ts";
import { lines } from "../../rigs/lines.ts";
import { ended, type LoginHome } from "./login_home.ts";

/** Where to kill: on entry of a call of `syscall`, which is then not done any more. */
export interface KillPoint {
  readonly syscall: string;
  /** Where absent, calls on any file count. */
  readonly path?: string;
  /** Which of the calls, counted by thread; 1 by default. */
  readonly nth?: number;
}

/** The next token request, stopped on its way. */
export interface HeldRequest {
  readonly reached: Promise<void>;
  /** Lets it go on. */
  release(): void;
  /** Lets it go no further: what is not spent by now stays unspent. */
  drop(): void;
}

/** Stops the next token request of `server` at `stage`, and no later one. */
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
    drop: () => released.reject(new Error("The request is dropped")),
  };
}

const authToken = ["auth", "token"];

/** What strace says of a thread that it has killed. */
const killed = "+++ killed by SIGKILL +++";

/** Kills a refresh when the server is at `stage`, and nothing further happens there. */
export async function killWhile(stage: "received" | "spent", home: LoginHome): Promise<void> {
  const request = holdNext(home.server, stage);
  const child = home.start(authToken);
  await request.reached;
  child.kill("SIGKILL");
  await ended(child);
  request.drop();
}

/** Runs a refresh and kills it at `point`; `false` where it ended without coming there. */
export async function killAtCall(
  point: KillPoint,
  home: LoginHome,
): Promise<boolean> {
  const { stderr } = await home.run(authToken, {}, ["strace", ...killingAt(point)]);
  return stderr.includes(killed);
}

/**
 * Runs a refresh, lets `request` go on when it has come, and kills it at the first `point` after that;
 * `false` where it ended without coming there.
 *
 * The shell that starts fob becomes the tracer, because some systems let nobody trace but an ancestor.
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
