/**
 * Real keychains on a Mac, each the default of a temporary home. The keychains of the user who runs the
 * tests are not touched.
 */
import { RemoteStore } from "./remote_store.ts";

const password = "a password for this test";

export interface MacKeychain extends AsyncDisposable {
  /** Opens the store in a separate process. */
  open(): RemoteStore;
  lock(): Promise<void>;
}

/** Makes an unlocked, empty keychain. */
export async function makeMacKeychain(): Promise<MacKeychain> {
  const home = await Deno.realPath(await Deno.makeTempDir({ prefix: "fob-keychain-" }));
  const path = `${home}/Library/Keychains/test.keychain-db`;
  const environment = { HOME: home, PATH: "/usr/bin:/bin" };
  await Deno.mkdir(`${home}/Library/Keychains`, { recursive: true });
  await Deno.mkdir(`${home}/Library/Preferences`);
  const security = async (...args: string[]): Promise<string> => {
    const { success, stdout, stderr } = await new Deno.Command("/usr/bin/security", {
      args,
      clearEnv: true,
      env: environment,
    }).output();
    if (!success) throw new Error(`security ${args[0]}: ${new TextDecoder().decode(stderr)}`);
    return new TextDecoder().decode(stdout);
  };
  await security("create-keychain", "-p", password, path);
  // Without -l, -u or -t, it never locks automatically.
  await security("set-keychain-settings", path);
  await security("list-keychains", "-d", "user", "-s", path);
  await security("default-keychain", "-d", "user", "-s", path);
  await security("unlock-keychain", "-p", password, path);
  const chosen = await security("default-keychain", "-d", "user");
  if (!chosen.includes(path)) throw new Error(`The default keychain is ${chosen.trim()}`);
  return {
    open: () => new RemoteStore(environment, "--keychain"),
    lock: async () => void await security("lock-keychain", path),
    [Symbol.asyncDispose]: async () => {
      await security("delete-keychain", path);
      await Deno.remove(home, { recursive: true });
    },
  };
}
