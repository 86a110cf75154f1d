/** Output of a program that has ended. */
export interface Said {
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program with `says` as standard input. Throws if it fails or does not exist. */
export async function tell(
  [program = "", ...args]: readonly string[],
  environment: Readonly<Record<string, string>>,
  says = "",
): Promise<Said> {
  const child = new Deno.Command(program, {
    args,
    clearEnv: true,
    env: { ...environment },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(says)).catch(() => {});
  await writer.close().catch(() => {});
  const { success, ...output } = await child.output();
  const stdout = new TextDecoder().decode(output.stdout);
  const stderr = new TextDecoder().decode(output.stderr);
  if (!success) throw new Error(`${program.split("/").at(-1)} failed: ${stderr.trim()}`);
  return { stdout, stderr };
}
