/**
 * Runs one command and ends the process. Only this file calls `Deno.exit`, which is required because a native call
 * that timed out keeps the process alive.
 */
import { connectEarly } from "./src/composition/early.ts";

async function main(argv: readonly string[]): Promise<number> {
  const needsToken = argv[0] === "helper" || (argv[0] === "auth" && argv[1] === "token");
  const keyring = needsToken ? await connectEarly() : undefined;
  const { run } = await import("./src/composition/run.ts");
  return await run(argv, keyring);
}

Deno.exit(await main(Deno.args));
