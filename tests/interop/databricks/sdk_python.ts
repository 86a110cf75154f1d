import { run, type SdkOutcome, type SdkSetup } from "./sdk_caller.ts";

/** Debian's Python, which needs no environment. */
const python = "/usr/bin/python3";

/** Imitates the Python SDK in Python, so that Python parses times in the time zone of `TZ`. */
export async function callAsPython(setup: SdkSetup): Promise<SdkOutcome> {
  const { env, ...rest } = setup;
  const program = `${import.meta.dirname}/sdk_python.py`;
  const argv = [python, "-B", program, JSON.stringify(rest)];
  const { code, stdout, stderr } = await run(argv, { env }, 120_000);
  if (code !== 0) throw new Error(`sdk_python.py failed:\n${stderr}`);
  return JSON.parse(stdout);
}
