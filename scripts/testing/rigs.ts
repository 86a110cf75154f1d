// deno-lint-ignore-file no-console
import { fetchNpmFile, type NpmFile, npmFilePath, windowsDeno } from "./npm_files.ts";

/** Programs that some tests need, and the Debian packages that provide them. */
export interface Rig {
  readonly name: string;
  readonly commands: readonly string[];
  readonly libraries: readonly string[];
  readonly packages: readonly string[];
  /** A file that no Debian package provides. */
  readonly npmFile?: NpmFile;
  readonly isForRoot?: boolean;
  /** A command that must succeed. */
  readonly trial?: readonly string[];
}

export const rigs: readonly Rig[] = [
  {
    name: "keyring",
    commands: ["dbus-daemon", "gnome-keyring-daemon", "secret-tool"],
    libraries: ["libsecret-1.so.0"],
    packages: ["dbus", "gnome-keyring", "libsecret-1-0", "libsecret-tools"],
  },
  { name: "browser", commands: ["chromium"], libraries: [], packages: ["chromium"] },
  { name: "git", commands: ["git"], libraries: [], packages: ["git"] },
  { name: "strace", commands: ["strace"], libraries: [], packages: ["strace"] },
  {
    name: "mounts",
    commands: ["unshare"],
    libraries: [],
    packages: ["util-linux"],
    isForRoot: true,
    trial: ["unshare", "-m", "true"],
  },
  // Builds the test double of the macOS frameworks.
  { name: "keychain", commands: ["gcc"], libraries: [], packages: ["gcc", "libc6-dev"] },
  { name: "terminal", commands: ["tmux"], libraries: [], packages: ["tmux"] },
  {
    name: "shells",
    commands: ["bash", "dash", "zsh", "fish"],
    libraries: [],
    packages: ["dash", "zsh", "fish"],
  },
  {
    name: "manual",
    commands: ["mandoc", "groff"],
    libraries: [],
    packages: ["mandoc", "groff-base"],
  },
  {
    name: "packaging",
    commands: ["busybox", "curl", "dash", "dpkg-deb", "lintian", "ruby", "shellcheck", "wget"],
    libraries: [],
    packages: ["busybox", "curl", "dash", "dpkg", "lintian", "ruby", "shellcheck", "wget"],
  },
  {
    name: "python",
    commands: ["python3"],
    libraries: [],
    packages: ["python3", "tzdata"],
    trial: ["/usr/bin/python3", "-c", "import zoneinfo; zoneinfo.ZoneInfo('Europe/Berlin')"],
  },
  {
    name: "wine",
    commands: ["wine", "wineserver", "x86_64-w64-mingw32-gcc"],
    libraries: [],
    packages: ["wine", "wine64", "gcc-mingw-w64-x86-64-win32"],
    npmFile: windowsDeno,
  },
];

/** Additional rigs of `deno task interop`: clients that are too large for every test run. */
export const largeRigs: readonly Rig[] = [
  { name: "docker", commands: ["docker"], libraries: [], packages: ["docker.io"] },
  // Google's kubectl dispatches to another kubectl and calls credential plugins more often. Set KUBECTL
  // to use another one.
  {
    name: "kubectl",
    commands: ["kubectl", "openssl"],
    libraries: [],
    packages: ["kubernetes-client", "openssl"],
    trial: ["sh", "-c", '! "${KUBECTL:-kubectl}" version --client 2>&1 | grep -q dispatcher'],
  },
  // Credential providers need cargo 1.74, newer than Debian's. No Debian package provides Terraform.
  {
    name: "cargo",
    commands: ["cargo"],
    libraries: [],
    packages: [],
    trial: [
      "sh",
      "-c",
      "cargo --version | grep -Eq ' (1\\.(7[4-9]|[89][0-9]|[1-9][0-9]{2})|[2-9])'",
    ],
  },
  { name: "terraform", commands: ["terraform", "openssl"], libraries: [], packages: ["openssl"] },
];

/** The checks that depend on the machine. */
export interface Machine {
  readonly isRoot: boolean;
  hasCommand(name: string): Promise<boolean>;
  hasLibrary(name: string): boolean;
  hasFile(path: string): Promise<boolean>;
  succeeds(command: readonly string[]): Promise<boolean>;
}

/** A rig that is not installed. */
export interface MissingRig {
  readonly name: string;
  /** What is missing, for messages. */
  readonly lacks: readonly string[];
  /** Debian packages to install; empty if no package would help. */
  readonly packages: readonly string[];
}

/** The rigs that are not installed on `machine`. */
export async function findMissing(table: readonly Rig[], machine: Machine): Promise<MissingRig[]> {
  const missing = await Promise.all(table.map((rig) => checkRig(rig, machine)));
  return missing.filter((rig) => rig.lacks.length > 0);
}

async function checkRig(rig: Rig, machine: Machine): Promise<MissingRig> {
  const hasCommand = await Promise.all(rig.commands.map((name) => machine.hasCommand(name)));
  const lacks = rig.commands.filter((_, index) => !hasCommand[index])
    .concat(rig.libraries.filter((name) => !machine.hasLibrary(name)));
  const { name, packages, npmFile, isForRoot, trial } = rig;
  if (lacks.length > 0) return { name, lacks, packages };
  if (npmFile !== undefined && !await machine.hasFile(npmFilePath(npmFile))) {
    return { name, lacks: [`${npmFile.path} of ${npmFile.package}`], packages: [] };
  }
  if (isForRoot && !machine.isRoot) return { name, lacks: ["root"], packages: [] };
  const isFit = trial === undefined || await machine.succeeds(trial);
  return { name, lacks: isFit ? [] : [`a working "${trial.join(" ")}"`], packages: [] };
}

/**
 * Installs missing rigs: Debian packages if run as root, and npm files. Resolves to the rigs that are
 * still missing, after printing them on stderr. Rigs exist only on Linux: on other systems, none is
 * reported.
 */
export async function prepareRigs(table = rigs): Promise<MissingRig[]> {
  if (Deno.build.os !== "linux") return [];
  const machine = thisMachine();
  const missing = await findMissing(table, machine);
  const packages = missing.flatMap((rig) => rig.packages);
  const mayInstall = machine.isRoot && await machine.hasCommand("apt-get");
  if (packages.length > 0 && mayInstall) await install(packages);
  for (const { npmFile } of table) {
    if (npmFile === undefined || await machine.hasFile(npmFilePath(npmFile))) continue;
    await fetchNpmFile(npmFile).catch((error: Error) => console.error(error.message));
  }
  return report(await findMissing(table, machine));
}

function report(missing: MissingRig[]): MissingRig[] {
  for (const { name, lacks, packages } of missing) {
    const fix = packages.length === 0 ? "" : ` (Debian packages: ${packages.join(" ")})`;
    console.error(`Rig "${name}" is missing ${lacks.join(", ")}${fix}: its tests are skipped`);
  }
  return missing;
}

async function install(packages: readonly string[]): Promise<void> {
  const quietly = ["-qq", "-o", "DPkg::Lock::Timeout=300"];
  const steps = [["update"], ["install", "--yes", "--no-install-recommends", ...packages]];
  for (const step of steps) {
    const { success, stdout, stderr } = await new Deno.Command("apt-get", {
      args: [...quietly, ...step],
      env: { DEBIAN_FRONTEND: "noninteractive" },
      stdin: "null",
    }).output();
    if (success) continue;
    await Deno.stderr.write(stdout);
    await Deno.stderr.write(stderr);
  }
}

/** The machine that this process runs on. */
export function thisMachine(): Machine {
  return { isRoot: Deno.uid() === 0, hasCommand, hasLibrary, hasFile, succeeds };
}

async function hasCommand(name: string): Promise<boolean> {
  const folders = (Deno.env.get("PATH") ?? "").split(":");
  const found = folders.map(async (folder) => {
    const { isFile, mode } = await Deno.stat(`${folder}/${name}`);
    if (!isFile || ((mode ?? 0) & 0o111) === 0) throw new Deno.errors.NotFound();
  });
  return await Promise.any(found).then(() => true, () => false);
}

/** Whether the dynamic loader finds the library. */
function hasLibrary(name: string): boolean {
  try {
    Deno.dlopen(name, {}).close();
    return true;
  } catch {
    return false;
  }
}

async function hasFile(path: string): Promise<boolean> {
  return await Deno.stat(path).then(({ isFile }) => isFile, () => false);
}

async function succeeds([command, ...args]: readonly string[]): Promise<boolean> {
  if (command === undefined) return false;
  const { success } = await new Deno.Command(command, { args }).output();
  return success;
}

if (import.meta.main) {
  const missing = await prepareRigs();
  if (missing.length > 0) Deno.exit(1);
}
