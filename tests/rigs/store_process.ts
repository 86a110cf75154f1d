/**
 * Serves one real store to {@link RemoteStore}: a line of JSON in, a line of JSON out. A process of its
 * own, because a process has one session bus for life, and because a call that is given up on stays.
 */
import { FobError } from "../../src/errors.ts";
import { Secret } from "../../src/secret.ts";
import { SecretServiceStore } from "../../src/stores/secret_service.ts";
import { systemEnvironment } from "../../src/system/environment.ts";
import type { Answer, Question } from "./remote_store.ts";
import { lines } from "./lines.ts";

const store = new SecretServiceStore({
  environment: systemEnvironment(),
  patience: { interactive: Deno.args.includes("--interactive"), onWait: console.error },
});

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
