import { runProgram } from "../../acceptance/runner/program.ts";
import { makeTemporaryDirectory } from "../../fakes/machine/temporary_directory.ts";

/** A self-signed certificate for 127.0.0.1 and its key, as PEM. */
export async function makeCertificate(): Promise<{ cert: string; key: string }> {
  await using directory = await makeTemporaryDirectory();
  const [key, cert] = [`${directory.path}/key`, `${directory.path}/cert`];
  const subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
  const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const run = await runProgram(
    ["openssl", "req", "-x509", ...kind, "-days", "2", ...subject, "-keyout", key, "-out", cert],
    { cwd: directory.path, env: { PATH: Deno.env.get("PATH") ?? "", HOME: directory.path } },
  );
  if (run.code !== 0) throw new Error(run.stderr);
  return { cert: await Deno.readTextFile(cert), key: await Deno.readTextFile(key) };
}
