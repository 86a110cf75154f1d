import assert from "node:assert/strict";
import { installers } from "../../../scripts/release/channels/channels.ts";
import { sumFiles, writeChecksums } from "../../../scripts/release/checksums.ts";
import { makePackages } from "../../../scripts/release/package.ts";
import { findTarget } from "../../../scripts/release/targets.ts";
import {
  answerOf,
  find,
  type Home,
  homeWithOlder,
  makeHome,
  type Outcome,
} from "../../rigs/install_home.ts";
import { fakeFob, fakeRelease, publish, serveReleases } from "../../rigs/release_server.ts";
import { missingRigs } from "../../rigs/rigs.ts";

const ignore = (await missingRigs()).includes("packaging");
const script = (await installers())["install.sh"] ?? "";
const shells = [["dash"], ["busybox", "sh"]] as const;
const target = `${Deno.build.arch}-unknown-linux-gnu`;

/** Asserts that the installer failed with the message `why` and changed nothing. */
async function assertRefused(
  home: Home,
  { code, said }: Outcome,
  why: RegExp,
): Promise<void> {
  assert.equal(code, 1, said);
  assert.match(said, why);
  assert.match(said, /fob: installation failed; nothing was installed\n$/);
  assert.deepEqual(await home.left(), ["fob"]);
  assert.equal(await answerOf(home.installed), "fob 0.0.1");
}

/** Answers one connection with a truncated response. */
async function answerInPart(listener: Deno.Listener): Promise<void> {
  for await (const connection of listener) {
    await connection.read(new Uint8Array(4096));
    const part = "HTTP/1.1 200 OK\r\nContent-Length: 4096\r\n\r\npart";
    await connection.write(new TextEncoder().encode(part));
    connection.close();
    return;
  }
}

for (const shell of shells) {
  const on = shell.join(" ");

  Deno.test({ name: `install.sh in ${on} installs the latest release`, ignore }, async () => {
    await using home = await makeHome();
    await using server = serveReleases();
    publish(server, "0.1.0", fakeRelease("0.1.0", target));
    const { code, said } = await home.run(server, shell);
    assert.equal(code, 0, said);
    assert.equal(await answerOf(home.installed), "fob 0.1.0");
    assert.deepEqual(await home.left(), ["fob"]);
    assert.match(said, /installed fob 0\.1\.0 as .*\/\.local\/bin\/fob\n/);
    assert.match(said, /is not in PATH; add it: export PATH=/);
    const note = await Deno.readTextFile(`${home.path}/.local/share/fob/install.sh`);
    assert.equal(note, `${home.installed}\n`);
  });

  Deno.test(
    { name: `install.sh in ${on} replaces an older fob`, ignore },
    async () => {
      await using home = await homeWithOlder();
      await using server = serveReleases();
      publish(server, "0.2.0", fakeRelease("0.2.0", target));
      publish(server, "0.1.0", fakeRelease("0.1.0", target));
      const env = { FOB_VERSION: "v0.2.0", PATH: `${home.path}/.local/bin:${home.bin}` };
      const { code, said } = await home.run(server, shell, { env });
      assert.equal(code, 0, said);
      assert.equal(await answerOf(home.installed), "fob 0.2.0");
      assert.doesNotMatch(said, /PATH/);
    },
  );

  Deno.test(
    { name: `install.sh in ${on} refuses a damaged or missing release`, ignore },
    async (t) => {
      const good = fakeRelease("0.1.0", target);
      const tampered = good.archive.slice();
      tampered[tampered.length >> 1] = (tampered[tampered.length >> 1] ?? 0) ^ 1;
      const other = fakeRelease("0.1.0", target, [fakeFob("0.9.9")]);
      const empty = fakeRelease("0.1.0", target, [{ path: "README.md", bytes: new Uint8Array(1) }]);
      const broken = fakeRelease("0.1.0", target, [
        { path: "fob", bytes: new TextEncoder().encode("#!/bin/sh\nexit 3\n"), isProgram: true },
      ]);
      const text = new TextEncoder();
      const named = (file: string): string => writeChecksums(new Map([[file, "a".repeat(64)]]));
      const cases: Record<string, [Partial<typeof good>, RegExp]> = {
        "a flipped bit in the archive": [{ archive: tampered }, /checksum mismatch/],
        "a truncated archive": [
          { archive: good.archive.slice(0, -9) },
          /checksum mismatch/,
        ],
        "an empty archive": [{ archive: new Uint8Array() }, /checksum mismatch/],
        "a program of another version": [other, /reports "fob 0\.9\.9" instead of "fob 0\.1\.0"/],
        "an archive without the program": [empty, /does not contain fob/],
        "a program that fails": [broken, /the program does not run on this system/],
        "a missing checksum": [
          { sums: named("fob-0.1.0-else.tar.gz") },
          /no checksum for/,
        ],
        "a truncated checksum": [
          { sums: good.sums.slice(9) },
          /SHA256SUMS of the release is invalid/,
        ],
        "an HTML page instead of checksums": [
          { sums: "<html>not here</html>\n" },
          /no checksum for/,
        ],
        "a path in the version": [
          { sums: named(`fob-../../x-${target}.tar.gz`) },
          /invalid version in SHA256SUMS/,
        ],
      };
      for (const [name, [change, why]] of Object.entries(cases)) {
        await t.step(name, async () => {
          await using home = await homeWithOlder();
          await using server = serveReleases();
          publish(server, "0.1.0", { ...good, ...change });
          await assertRefused(home, await home.run(server, shell), why);
        });
      }
      await t.step("a release with the archive of another version", async () => {
        await using home = await homeWithOlder();
        await using server = serveReleases();
        publish(server, "0.1.0", good);
        server.files.set("download/v0.2.0/SHA256SUMS", text.encode(good.sums));
        const outcome = await home.run(server, shell, { env: { FOB_VERSION: "0.2.0" } });
        await assertRefused(
          home,
          outcome,
          /version mismatch: release 0\.2\.0 has an archive of 0\.1\.0/,
        );
      });
      await t.step("an unknown release", async () => {
        await using home = await homeWithOlder();
        await using server = serveReleases();
        const outcome = await home.run(server, shell, { env: { FOB_VERSION: "7.7.7" } });
        await assertRefused(home, outcome, /cannot download .*\/download\/v7\.7\.7\/SHA256SUMS/);
      });
      await t.step("a download that is cut off", async () => {
        await using home = await homeWithOlder();
        await using server = serveReleases();
        publish(server, "0.1.0", good);
        using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
        const isCut = answerInPart(listener);
        const elsewhere = `http://127.0.0.1:${listener.addr.port}/`;
        server.files.set(`download/v0.1.0/${good.name}`, () => Response.redirect(elsewhere));
        await assertRefused(home, await home.run(server, shell), /cannot download/);
        await isCut;
      });
    },
  );

  Deno.test({
    name: `install.sh in ${on} checks its settings before it downloads anything`,
    ignore,
  }, async (t) => {
    const cases: Record<string, [Record<string, string>, RegExp]> = {
      "releases without https": [{ FOB_RELEASES: "http://example.com/x" }, /must be an https URL/],
      "a version that is a path": [{ FOB_VERSION: "../1" }, /FOB_VERSION is not a version/],
      "a relative folder": [{ FOB_INSTALL_DIR: "bin" }, /must be an absolute path/],
      "no home": [{ HOME: "" }, /neither HOME nor FOB_INSTALL_DIR is set/],
      "a folder that cannot be created": [
        { FOB_INSTALL_DIR: "/dev/null/bin" },
        /cannot create the folder/,
      ],
    };
    for (const [name, [env, why]] of Object.entries(cases)) {
      await t.step(name, async () => {
        await using home = await homeWithOlder();
        await using server = serveReleases();
        await assertRefused(home, await home.run(server, shell, { env }), why);
        assert.deepEqual(server.asked, []);
      });
    }
    await t.step("a folder in the place of the program", async () => {
      await using home = await homeWithOlder();
      await using server = serveReleases();
      const env = { FOB_INSTALL_DIR: `${home.path}/own` };
      await Deno.mkdir(`${home.path}/own/fob`, { recursive: true });
      await assertRefused(home, await home.run(server, shell, { env }), /own\/fob" is a folder/);
      assert.deepEqual(server.asked, []);
    });
  });

  Deno.test(
    { name: `a partial download of install.sh does nothing in ${on}`, ignore },
    async () => {
      await using home = await homeWithOlder();
      await using server = serveReleases();
      publish(server, "0.1.0", fakeRelease("0.1.0", target));
      const lines = script.split("\n");
      for (let count = 0; count < lines.length - 2; count += 7) {
        await home.run(server, shell, { text: lines.slice(0, count).join("\n") });
      }
      assert.deepEqual(server.asked, []);
      assert.equal(await answerOf(home.installed), "fob 0.0.1");
    },
  );

  Deno.test(
    { name: `install.sh in ${on} leaves no files when it is interrupted`, ignore },
    async () => {
      for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
        await using home = await homeWithOlder();
        await using server = serveReleases();
        const release = fakeRelease("0.1.0", target);
        publish(server, "0.1.0", release);
        const { promise: isAsked, resolve } = Promise.withResolvers<void>();
        const { promise: answer, resolve: end } = Promise.withResolvers<Response>();
        server.files.set(`download/v0.1.0/${release.name}`, () => {
          resolve();
          return answer;
        });
        await Deno.writeTextFile(`${home.path}/install.sh`, script);
        const [command = "", ...args] = shell;
        const child = new Deno.Command(await find("setsid"), {
          args: [await find(command), ...args, `${home.path}/install.sh`],
          clearEnv: true,
          env: { HOME: home.path, PATH: home.bin, FOB_RELEASES: server.address },
          stdout: "null",
          stderr: "null",
        }).spawn();
        await isAsked;
        // Like a terminal: to the shell and its child processes.
        await new Deno.Command("kill", { args: ["-s", signal.slice(3), "--", `-${child.pid}`] })
          .output();
        const { success } = await child.status;
        end(new Response());
        assert.ok(!success, signal);
        assert.deepEqual(await home.left(), ["fob"], signal);
        assert.equal(await answerOf(home.installed), "fob 0.0.1");
      }
    },
  );
}

Deno.test({ name: "install.sh installs a release made by package.ts", ignore }, async () => {
  await using home = await makeHome();
  await using server = serveReleases();
  const folder = `${home.path}/release`;
  const files = [fakeFob("0.1.0"), { path: "LICENSE", bytes: new Uint8Array(9) }];
  await makePackages("0.1.0", findTarget(target), files, folder);
  const sums = writeChecksums(await sumFiles(folder));
  server.files.set("latest/download/SHA256SUMS", new TextEncoder().encode(sums));
  for await (const { name } of Deno.readDir(folder)) {
    server.files.set(`download/v0.1.0/${name}`, await Deno.readFile(`${folder}/${name}`));
  }
  const { code, said } = await home.run(server, ["dash"]);
  assert.equal(code, 0, said);
  assert.equal(await answerOf(home.installed), "fob 0.1.0");
});

Deno.test({ name: "shellcheck finds nothing in install.sh", ignore }, async () => {
  const path = `${import.meta.dirname}/../../../scripts/release/channels/install.sh`;
  const { success, stdout } = await new Deno.Command("shellcheck", { args: [path] }).output();
  assert.ok(success, new TextDecoder().decode(stdout));
});
