/**
 * Prints by how many bytes the process grew over many calls of the real Secret Service store, after a
 * first round that fills what is filled once. Needs `--v8-flags=--expose-gc`.
 */
import { Secret } from "../../src/secret.ts";
import { SecretServiceStore } from "../../src/stores/secret_service.ts";
import { systemEnvironment } from "../../src/system/environment.ts";

const store = new SecretServiceStore({
  environment: systemEnvironment(),
  patience: { interactive: false, onWait: () => {} },
});
const secret = new Secret("0123456789abcdef".repeat(4096));

async function held(rounds: number): Promise<number> {
  for (let i = 0; i < rounds; i++) {
    await store.set("oidc:large", secret);
    await store.get("oidc:large");
    await store.get("oidc:nobody");
    await store.list();
  }
  (globalThis as unknown as { gc: () => void }).gc();
  return Deno.memoryUsage().rss;
}

const before = await held(200);
console.log(await held(400) - before);
