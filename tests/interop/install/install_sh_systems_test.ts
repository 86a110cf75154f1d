import assert from "node:assert/strict";
import { answerOf, find, makeHome } from "../../rigs/install_home.ts";
import { fakeRelease, publish, serveReleases } from "../../rigs/release_server.ts";
import { missingRigs } from "../../rigs/rigs.ts";

const ignore = (await missingRigs()).includes("packaging");
const target = `${Deno.build.arch}-unknown-linux-gnu`;

Deno.test({ name: "install.sh uses wget or curl, and any tool for SHA-256", ignore }, async (t) => {
  const shasum = '#!/bin/sh\n[ "$1 $2" = "-a 256" ] && exec sha256sum "$3"\n';
  for (const [downloader, checker] of [["wget", "openssl"], ["curl", "shasum"]] as const) {
    await t.step(`${downloader} and ${checker}`, async () => {
      await using home = await makeHome(["uname", downloader]);
      const path = `${home.bin}/${checker}`;
      if (checker === "openssl") await Deno.symlink(await find(checker), path);
      else {
        const text = shasum.replace("sha256sum", await find("sha256sum"));
        await Deno.writeTextFile(path, text, { mode: 0o755 });
      }
      await using server = serveReleases();
      publish(server, "0.1.0", fakeRelease("0.1.0", target));
      const { code, said } = await home.run(server, ["dash"]);
      assert.equal(code, 0, said);
      assert.equal(await answerOf(home.installed), "fob 0.1.0");
    });
  }
  for (
    const [own, why] of [
      [["uname", "curl"], /sha256sum, shasum or openssl is required/],
      [["uname", "sha256sum"], /curl or wget is required/],
    ] as const
  ) {
    await t.step(`${why}`, async () => {
      await using home = await makeHome(own);
      await using server = serveReleases();
      const { code, said } = await home.run(server, ["dash"]);
      assert.equal(code, 1);
      assert.match(said, why);
      assert.deepEqual(await home.left(), []);
    });
  }
});

Deno.test(
  { name: "install.sh selects the target of the system, or refuses the system", ignore },
  async (t) => {
    const cases: [string, string, RegExp][] = [
      ["Linux", "x86_64", /no checksum for x86_64-unknown-linux-gnu/],
      ["Linux", "aarch64", /no checksum for aarch64-unknown-linux-gnu/],
      ["Darwin", "arm64", /no checksum for aarch64-apple-darwin/],
      ["Darwin", "x86_64", /no checksum for x86_64-apple-darwin/],
      ["Linux", "riscv64", /unsupported processor: "riscv64"/],
      ["FreeBSD", "amd64", /unsupported system: "FreeBSD"/],
      ["MINGW64_NT-10.0", "x86_64", /on Windows, use install\.ps1/],
    ];
    for (const [system, processor, why] of cases) {
      await t.step(`${system} ${processor}`, async () => {
        await using home = await makeHome(["curl", "sha256sum"]);
        const text = `#!/bin/sh\n[ "$1" = -s ] && echo ${system} || echo ${processor}\n`;
        await Deno.writeTextFile(`${home.bin}/uname`, text, { mode: 0o755 });
        await using server = serveReleases();
        server.files.set("latest/download/SHA256SUMS", new TextEncoder().encode("none\n"));
        const { code, said } = await home.run(server, ["dash"]);
        assert.equal(code, 1);
        assert.match(said, why);
        assert.deepEqual(await home.left(), []);
      });
    }
    await t.step("a Mac with a shell under Rosetta", async () => {
      await using home = await makeHome(["curl", "sha256sum"]);
      const uname = '#!/bin/sh\n[ "$1" = -s ] && echo Darwin || echo x86_64\n';
      await Deno.writeTextFile(`${home.bin}/uname`, uname, { mode: 0o755 });
      await Deno.writeTextFile(`${home.bin}/sysctl`, "#!/bin/sh\necho 1\n", { mode: 0o755 });
      await using server = serveReleases();
      server.files.set("latest/download/SHA256SUMS", new TextEncoder().encode("none\n"));
      assert.match((await home.run(server, ["dash"])).said, /no checksum for aarch64-apple-darwin/);
    });
    await t.step("musl", async () => {
      await using home = await makeHome();
      await Deno.mkdir(`${home.path}/root/lib`, { recursive: true });
      await Deno.writeTextFile(`${home.path}/root/lib/ld-musl-x86_64.so.1`, "");
      await using server = serveReleases();
      const env = { FOB_INSTALL_ROOT: `${home.path}/root` };
      const { code, said } = await home.run(server, ["dash"], { env });
      assert.equal(code, 1);
      assert.match(said, /musl is not supported: fob needs the GNU C library/);
    });
  },
);
