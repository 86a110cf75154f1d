import { doesNotMatch, equal, match } from "node:assert/strict";
import { missingRigs } from "../rigs/rigs.ts";
import { openScreen, type Screen } from "./runner/screen.ts";

const isMissing = (await missingRigs()).includes("terminal");
const ignore = isMissing && Deno.env.get("FOB_RIGS") !== "required";

const secret = "hunter22";
const config = JSON.stringify({ auths: { "old.example.com": { auth: btoa(`me:${secret}`) } } });
const credentialsFile = ".local/state/fob/credentials.json";
const words = ["connect", "docker", "--host", "https://registry.example.com"];

/** Maximum length of a path in bytes (limits.h, PATH_MAX). */
const longest = Deno.build.os === "darwin" ? 1024 : 4096;

/**
 * A home with a plaintext password of docker, and two folders of programs: fob's and the user's. The
 * tests run as root, who may write everywhere. So with `isFull`, the path of fob's folder is too long
 * for the name of another file.
 */
async function withHome(
  isFull: boolean,
  body: (screen: Screen, variables: Record<string, string>) => Promise<void>,
): Promise<void> {
  await using screen = await openScreen();
  for (const folder of [".docker", "programs", ".local/bin"]) {
    await Deno.mkdir(`${screen.home}/${folder}`, { recursive: true });
  }
  await Deno.writeTextFile(`${screen.home}/programs/fob`, "#!/bin/sh\n", { mode: 0o755 });
  await Deno.writeTextFile(`${screen.home}/.docker/config.json`, config);
  const own = `${screen.home}/programs`;
  const padding = "/.".repeat((longest - own.length - "/fob".length - 2) / 2);
  const PATH = [isFull ? own + padding : own, `${screen.home}/.local/bin`, "/usr/bin", "/bin"].join(
    ":",
  );
  await body(screen, { PATH });
}

Deno.test({
  name: "connect offers to move plaintext credentials of a tool: No keeps them, Yes moves them",
  ignore,
  fn: () =>
    withHome(false, async (screen, variables) => {
      const question = /Found 1 secret in plaintext in ".*config\.json"\. Move to fob\?/;
      await screen.run(words, variables);
      await screen.waitFor(question);
      equal(await screen.file(".docker/config.json"), config);
      await screen.press("Enter");
      await screen.waitFor(/^docker now uses fob\./m);
      await screen.ends(0);
      equal(await screen.file(credentialsFile), "");
      match(await screen.file(".docker/config.json"), /credHelpers/);
      await screen.run(["connect", "docker", "--undo"], variables);
      await screen.ends(0);
      equal(await screen.file(".docker/config.json"), config);
      await screen.run(words, variables);
      await screen.waitFor(question);
      await screen.type("y");
      await screen.waitFor(/^docker now uses fob\./m);
      await screen.ends(0);
      match(await screen.file(credentialsFile), new RegExp(secret));
      doesNotMatch(await screen.file(".docker/config.json"), new RegExp(btoa(`me:${secret}`)));
      doesNotMatch(await screen.output(), new RegExp(`${secret}|${btoa(`me:${secret}`)}`));
    }),
});

Deno.test({
  name: "connect asks before it creates a link in a folder of the user, except with --yes",
  ignore,
  fn: () =>
    withHome(true, async (screen, variables) => {
      const link = `${screen.home}/.local/bin/docker-credential-fob`;
      const question =
        /Create the link ".*\/\.local\/bin\/docker-credential-fob" to fob for docker/;
      for (const [key, code] of [["Enter", 1], ["C-c", 130]] as const) {
        await screen.run(words, variables);
        await screen.waitFor(question);
        await screen.press(key);
        await screen.ends(code);
        equal(await screen.file(".docker/config.json"), config);
        equal(await Deno.lstat(link).catch(() => "none"), "none");
      }
      await screen.run(words, variables);
      await screen.waitFor(question);
      await screen.type("y");
      await screen.waitFor(/Move to fob\?/);
      await screen.press("C-c");
      await screen.ends(130);
      equal(await screen.file(".docker/config.json"), config);
      equal(await Deno.lstat(link).catch(() => "none"), "none");
      await screen.run([...words, "--yes", "--no-input"], variables);
      await screen.ends(0);
      equal((await Deno.lstat(link)).isSymlink, true);
    }),
});
