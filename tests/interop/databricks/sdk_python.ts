import { run, type SdkOutcome, type SdkSetup } from "./sdk_caller.ts";

/** Debian's own, which needs nothing of the environment. */
const python = "/usr/bin/python3";

/** Does as the Python SDK does, in Python, so that times are read by Python in the zone of `TZ`. */
export async function callAsPython(setup: SdkSetup): Promise<SdkOutcome> {
  const { env, ...rest } = setup;
  const program = `${import.meta.dirname}/sdk_python.py`;
  const argv = [python, "-B", program, JSON.stringify(rest)];
  const { code, stdout, stderr } = await run(argv, { env }, 120_000);
  if (code !== 0) throw new Error(`sdk_python.py failed:\n${stderr}`);
  return JSON.parse(stdout);
}
