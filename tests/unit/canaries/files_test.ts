import { leaks, standIn } from "./stand_in.ts";

const places = [
  "home/.config/fob/config.ini",
  "home/.local/state/fob/locks/x.lock",
  "home/.local/state/fob/audit.log",
  "home/.local/state/fob/credentials.json.part",
  "home/.cache/x",
  "run/fob/x",
  "tmp/x",
  "x",
];
for (const place of places) {
  Deno.test(`a secret in a file is found: ${place}`, () =>
    leaks(`fob say 'put ${place}'`, new RegExp(`the file "${place}", mode 600: "\\w+", base64`)));
}

Deno.test("a secret is found in a core dump and in a temporary directory", async () => {
  await leaks("! fob say 'put core.123; kill -ABRT $$'", /the file "core\.123"/);
  await leaks("fob say 'put tmp/x'", /the file "tmp\/x"/);
});

Deno.test("a file that is named in the output must still not contain a secret", async () => {
  const docker = "home/.docker/config.json";
  await leaks(`fob connect docker 'put ${docker}; tell ${docker}'`, /\.docker\/config\.json"/);
  const ini = "home/.config/fob/config.ini";
  await leaks(`fob auth status --verbose 'put ${ini}; tell ${ini}'`, /config\.ini"/);
});

Deno.test("a secret is found in a file that the command of fob exec writes", () =>
  leaks(
    "fob exec -- 'put home/.claude/settings.json'",
    /the file "home\/\.claude\/settings\.json"/,
  ));

Deno.test("files for secrets may contain them if only their owner can read them", async () => {
  for (
    const file of [
      "home/.local/state/fob/credentials.json",
      "home/.databrickscfg",
      "home/.databricks/token-cache.json",
    ]
  ) {
    await standIn(`fob auth login 'put ${file}'`);
    await leaks(`fob auth login 'put ${file} 640'`, new RegExp(`"${file}", mode 640`));
    await leaks(`fob auth login 'put ${file} 604'`, new RegExp(`"${file}", mode 604`));
  }
});

/** A file with a secret of the user before fob runs. Other users can read it. */
const before = `# secrets: dapi-of-ada
cp own home/own
chmod 644 home/own`;
const own = "\n-- own --\nx = dapi-of-ada\n";

Deno.test("a secret may stay in its file if no more users can read it than before", async () => {
  await standIn(`${before}\nfob migrate 'echo y >>home/own'${own}`);
  await leaksWithOwn(
    "fob migrate 'echo y >>home/own; chmod 646 home/own'",
    /"home\/own", mode 646/,
  );
  await leaksWithOwn("fob migrate 'put home/own'", /"home\/own", mode 600: "\w+", base64/);
  await leaksWithOwn("fob migrate 'cp home/own home/other; tell home/other'", /"home\/other"/);
});

Deno.test("a backup may have the secret of its file if it is reported and private", async () => {
  for (const end of [".fob-backup", ".connect.fob-backup", ".corrupt-2026-11-22T101010.123Z"]) {
    const backup = `home/own${end}`;
    const copy = (mode: string): string => `cp home/own ${backup}; chmod ${mode} ${backup}`;
    const where = new RegExp(`"home/own${RegExp.escape(end)}"`);
    await standIn(`${before}\nfob connect x '${copy("600")}; tell ${backup}'${own}`);
    await leaksWithOwn(`fob connect x '${copy("600")}'`, where);
    await leaksWithOwn(`fob connect x '${copy("644")}; tell ${backup}'`, where);
    await leaks(`fob connect x 'put ${backup}; tell ${backup}'`, where);
    await leaksWithOwn(`fob connect x 'put ${backup}; tell ${backup}'`, where);
  }
});

Deno.test("a .databrickscfg.bak may have the secret of its file without a report", async () => {
  const made = "cp home/.databrickscfg home/.databrickscfg.bak; chmod 600 home/.databrickscfg.bak";
  const cfg = `${before}\ncp own home/.databrickscfg`;
  await standIn(`${cfg}\nfob auth login '${made}'${own}`);
  await leaks("fob auth login 'put home/.databrickscfg.bak'", /"home\/\.databrickscfg\.bak"/);
});

Deno.test("migrate --undo may restore secrets from a backup, through a link too", async () => {
  const kept = `${before}\nmkdir dir\ncp own dir/own.fob-backup\nsymlink ../home/own dir/own`;
  const emptied = `${kept}\nfob say 'echo >home/own; chmod 600 home/own'`;
  const undo = "cat dir/own.fob-backup >home/own";
  await standIn(`${emptied}\nfob migrate --from gh --undo '${undo}'${own}`);
  await leaksAfter(emptied, `fob migrate --from gh '${undo}'`);
  await leaksAfter(emptied, "fob migrate --from gh --undo 'put home/own'");
  await leaksAfter(emptied, `fob migrate --from gh --undo '${undo}; chmod 644 home/own'`);
});

Deno.test("the file of GITHUB_ENV may have the token of fob auth env", async () => {
  const step = "cp own step\nchmod 644 step\nenv GITHUB_ENV=$WORK/step";
  const text = "\n-- own --\nEARLIER=1\n";
  await standIn(`${step}\nfob auth env --shell github 'put step 644'${text}`);
  const where = /the file "step", mode/;
  await leaks(`${step}\nfob auth env --shell github 'put step 666'`, where, text);
  await leaks(`${step}\nfob auth status 'put step'`, where, text);
  await leaks(`${step}\nfob auth env --shell github 'put other'`, /the file "other"/, text);
});

Deno.test("a secret is found in the name of a file or directory, and in a link", async () => {
  await leaks(`fob say 'echo >home/"$secret"'`, /the name of the file "home\/at-1-/);
  await leaks(
    `fob say 'act "Deno.mkdirSync(\\"home/\\" + secret)"'`,
    /the name of the file "home\/at-1-/,
  );
  await leaks(`fob say 'act "Deno.symlinkSync(secret, \\"home/link\\")"'`, /the link "home\/link"/);
});

async function leaksWithOwn(line: string, where: RegExp): Promise<void> {
  await leaks(`${before}\n${line}`, where, own);
}

async function leaksAfter(script: string, line: string): Promise<void> {
  await leaks(`${script}\n${line}`, /the file "home\/own", mode/, own);
}
