/**
 * Serves a real store to {@link RemoteStore}: one line of JSON per request and response. It is a
 * separate process because a process never changes its session bus, and because a timed-out native call
 * is not cancelled.
 */
import { FobError } from "../../src/errors.ts";
import { present } from "../../src/present.ts";
import { Secret } from "../../src/secret.ts";
import { SecretServiceStore } from "../../src/stores/linux/secret_service.ts";
import { KeychainStore } from "../../src/stores/macos/keychain.ts";
import type { SecretStore } from "../../src/stores/secret_store.ts";
import { CredentialManagerStore } from "../../src/stores/windows/credential_manager.ts";
import { systemEnvironment } from "../../src/system/environment.ts";
import { frameworksUnder } from "./keychain_double.ts";
import { lines } from "./lines.ts";
import type { Answer, Question } from "./remote_store.ts";

const waitOptions = { interactive: Deno.args.includes("--interactive"), onWait: console.error };
const store = openStore();

/**
 * The store of this system, or the macOS store with `--keychain`. `--frameworks=` is the root of the
 * frameworks; `--service=` is the service name of the test's entries in the Credential Manager.
 */
function openStore(): SecretStore {
  if (Deno.build.os === "windows") {
    const service = valueOf("--service=");
    return new CredentialManagerStore(present({ service }));
  }
  if (!Deno.args.includes("--keychain")) {
    return new SecretServiceStore({ environment: systemEnvironment(), waitOptions });
  }
  const root = valueOf("--frameworks=");
  return new KeychainStore({
    version: "0.0.1",
    waitOptions,
    ...(root === undefined ? {} : { frameworks: frameworksUnder(root) }),
  });
}

function valueOf(option: string): string | undefined {
  return Deno.args.find((arg) => arg.startsWith(option))?.slice(option.length);
}

function ask({ method, account, secret }: Question): Promise<unknown> {
  if (method === "set") return store.set(account, new Secret(secret ?? ""));
  if (method === "get") return store.get(account).then((found) => found?.reveal());
  if (method === "delete") return store.delete(account);
  if (method === "assertWritable") return store.assertWritable(account);
  if (method === "list") return store.list();
  return store.probe();
}

async function answer(question: Question): Promise<Answer> {
  try {
    return { value: await ask(question) };
  } catch (error) {
    if (!(error instanceof FobError)) throw error;
    return { error: { code: error.code, message: error.message, facts: error.facts } };
  }
}

if (import.meta.main) {
  for await (const line of lines(Deno.stdin.readable)) {
    console.log(JSON.stringify(await answer(JSON.parse(line))));
  }
  Deno.exit(0);
}
