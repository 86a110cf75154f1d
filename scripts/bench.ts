/**
 * Times what is called a thousand times a day, side by side: every command once a round, so that a busy
 * moment hits them all alike. Prints medians, their spread, and the ratio to an empty Deno script.
 */
import { Secret } from "../src/secret.ts";
import { encode } from "../src/credentials/envelope.ts";
import { type Session, startSession } from "../tests/rigs/keyring.ts";
import { denoDirectory, RemoteStore } from "../tests/rigs/remote_store.ts";
import { missingRigs } from "../tests/rigs/rigs.ts";
import { bundle } from "./bundle.ts";

/** A command to time. */
interface Contender {
  readonly name: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

const rounds = Number(Deno.args[0] ?? 25);
const account = "oidc:bench";

function login(): Secret {
  const now = Date.now();
  return encode({
    kind: "oauth",
    issuer: "https://login.example.com",
    clientId: "fob",
    tokens: {
      accessToken: new Secret("a".repeat(900)),
      tokenType: "Bearer",
      obtainedAt: now,
      expiresAt: now + 3_600_000,
      refreshToken: new Secret("r".repeat(200)),
    },
  });
}

async function seedProfile(session: Session): Promise<void> {
  const directory = `${session.environment["HOME"]}/.config/fob`;
  await Deno.mkdir(directory, { recursive: true });
  await Deno.writeTextFile(`${directory}/config.ini`, "[bench]\nprovider = oidc\n");
}

async function seedFile(session: Session): Promise<void> {
  await seedProfile(session);
  const directory = `${session.environment["HOME"]}/.local/state/fob`;
  await Deno.mkdir(directory, { recursive: true, mode: 0o700 });
  const content = { version: 1, credentials: { [account]: login().reveal() } };
  await Deno.writeTextFile(`${directory}/credentials.json`, JSON.stringify(content), {
    mode: 0o600,
  });
}

async function seedKeyring(session: Session): Promise<void> {
  await seedProfile(session);
  await using store = new RemoteStore(session.environment);
  await store.set(account, login());
}

function contenders(
  file: Session,
  keyring: Session | undefined,
  empty: string,
  permissions: string[],
): Contender[] {
  const deno = [Deno.execPath(), "run", "-q", "--no-config", "--no-lock"];
  const fob = [
    ...(Deno.env.get("FOB_BIN")?.split(" ") ?? [...deno, ...permissions, "dist/main.js"]),
    "auth",
    "token",
  ];
  const inFile = { ...file.environment, FOB_AUTH_STORAGE: "plaintext" };
  return [
    { name: "empty Deno script", command: [...deno, "-A", empty], environment: file.environment },
    {
      name: "fob auth token, API_TOKEN",
      command: fob,
      environment: { ...file.environment, API_TOKEN: "x" },
    },
    { name: "fob auth token, file", command: fob, environment: inFile },
    ...(keyring === undefined ? [] : [
      { name: "fob auth token, Secret Service", command: fob, environment: keyring.environment },
      {
        name: "secret-tool lookup",
        command: ["secret-tool", "lookup", "service", "fob", "account", account],
        environment: keyring.environment,
      },
    ]),
  ];
}

/** Milliseconds from the start of the process to its end. */
async function time({ name, command, environment }: Contender): Promise<number> {
  const [program = "", ...args] = command;
  const start = performance.now();
  const { success, stderr } = await new Deno.Command(program, {
    args,
    clearEnv: true,
    env: { ...environment, DENO_DIR: denoDirectory() },
  }).output();
  const duration = performance.now() - start;
  if (!success) throw new Error(`${name} failed: ${new TextDecoder().decode(stderr)}`);
  return duration;
}

function quantile(sorted: readonly number[], fraction: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * fraction))] ?? NaN;
}

async function measure(all: readonly Contender[]): Promise<void> {
  const times = new Map(all.map(({ name }) => [name, [] as number[]]));
  for (let round = -2; round < rounds; round++) {
    for (const contender of all) {
      const duration = await time(contender);
      if (round >= 0) times.get(contender.name)?.push(duration);
    }
  }
  const rows = [...times].map(([name, durations]) => ({
    name,
    durations: durations.sort((a, b) => a - b),
  }));
  const base = quantile(rows[0]?.durations ?? [], 0.5);
  console.log("| command | ratio | median ms | 10 % | 90 % |\n| --- | ---: | ---: | ---: | ---: |");
  for (const { name, durations } of rows) {
    const [median, low, high] = [0.5, 0.1, 0.9].map((fraction) => quantile(durations, fraction));
    const cells = [
      name,
      (median! / base).toFixed(2),
      median!.toFixed(1),
      low!.toFixed(1),
      high!.toFixed(1),
    ];
    console.log(`| ${cells.join(" | ")} |`);
  }
}

await bundle();
const empty = await Deno.makeTempFile({ suffix: ".js" });
await using file = await startSession("no-bus");
await using keyring = (await missingRigs()).includes("keyring")
  ? undefined
  : await startSession("unlocked");
await seedFile(file);
if (keyring !== undefined) await seedKeyring(keyring);
const permissions = (await Deno.readTextFile("scripts/permissions")).trim().split(" ");
await measure(contenders(file, keyring, empty, permissions));
await Deno.remove(empty);
