import { match, rejects } from "node:assert/strict";
import { hiddenMark, mark } from "../../canaries/mark.ts";
import { runText } from "../acceptance/run_text.ts";

/**
 * A fake fob that leaks secrets: runs its last argument. `$secret` and `$hidden` do not occur in the
 * script. `put FILE [MODE]` writes the secret into a file, `tell FILE` names a file on stderr, and `act
 * JS` runs JavaScript with the secret as `secret`, not in argv.
 */
const program = `
secret=at-1-$(printf %s ${mark.slice(0, 8)}; printf %s ${mark.slice(8)})-x
hidden=rt-1-$(printf %s ${hiddenMark.slice(0, 8)}; printf %s ${hiddenMark.slice(8)})-x
put() { mkdir -p "$(dirname "$1")"; printf '%s' "$secret" | base64 >"$1"; chmod "\${2-600}" "$1"; }
tell() { echo "fob: It is kept in \\"$(realpath "$1")\\"" >&2; }
act() { printf %s "$secret" | "$FOB_TEST_DENO" eval -q "const secret = $read; $1"; }
read='await new Response(Deno.stdin.readable).text()'
for last; do :; done
eval "$last"`;

/** Runs a script with the fake fob. */
export function standIn(script: string): Promise<void> {
  return runText(`${script}\n`, program);
}

/** Asserts that the last line of `script` leaks at `where`. `files` are added to the archive. */
export async function leaks(script: string, where: RegExp, files = ""): Promise<void> {
  await rejects(standIn(script + files), (error: Error) => {
    match(error.message, /A secret is in /);
    match(error.message, where);
    match(error.message, new RegExp(`^script\\.txtar:${script.split("\n").length}: `));
    return true;
  });
}
