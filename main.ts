/**
 * Runs one command, and ends the process. The only place that does that: a native call that was given up on keeps a
 * process alive until `Deno.exit`.
 */
import { connectEarly } from "./src/composition/early.ts";

async function main(argv: readonly string[]): Promise<number> {
  const isRead = argv[0] === "helper" || (argv[0] === "auth" && argv[1] === "token");
  const keyring = isRead ? await connectEarly() : undefined;
  const { run } = await import("./src/composition/run.ts");
  return await run(argv, keyring);
}

Deno.exit(await main(Deno.args));
