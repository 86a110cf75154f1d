import assert from "node:assert/strict";
import { runProgram } from "../../acceptance/runner/program.ts";
import { makeTemporaryDirectory } from "../../fakes/machine/temporary_directory.ts";
import { openToolHome, type ToolHome } from "./tool_home.ts";

/** A repository that git reads over plain HTTP, and a home with fob as git's credential helper. */
export async function openGitHome(age?: number): Promise<ToolHome> {
  await using repository = await makeTemporaryDirectory();
  const files = await readRepository(repository.path);
  const home = await openToolHome({
    serve: (request) => {
      const file = files.get(new URL(request.url).pathname);
      return file === undefined ? new Response("", { status: 404 }) : new Response(file);
    },
  }, age);
  await home.install("git-credential-fob");
  await home.write(".gitconfig", "[credential]\n\thelper = fob\n");
  return home;
}

/** The files of a bare repository with one commit, by the path at `/code.git`. */
async function readRepository(directory: string): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  const who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"];
  const env = { PATH: Deno.env.get("PATH") ?? "", HOME: directory, GIT_CONFIG_NOSYSTEM: "1" };
  const steps = [
    ["init", "-q", "-b", "main", "work"],
    ["-C", "work", ...who, "commit", "-q", "--allow-empty", "-m", "First"],
    ["clone", "-q", "--bare", "work", "code.git"],
    ["-C", "code.git", "update-server-info"],
  ];
  for (const step of steps) {
    const { code, stderr } = await runProgram(["git", ...step], { cwd: directory, env });
    assert.equal(code, 0, stderr);
  }
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  const read = async (path: string): Promise<void> => {
    for await (const { name, isDirectory } of Deno.readDir(`${directory}${path}`)) {
      const inner = `${path}/${name}`;
      if (isDirectory) await read(inner);
      else files.set(inner, await Deno.readFile(`${directory}${inner}`));
    }
  };
  await read("/code.git");
  return files;
}

/** Runs git without prompts and without the system configuration. */
export function gitIn(home: ToolHome, ...words: readonly string[]): ReturnType<ToolHome["run"]> {
  return home.run(["git", ...words], { GIT_TERMINAL_PROMPT: "0", GIT_CONFIG_NOSYSTEM: "1" });
}
