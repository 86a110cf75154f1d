/**
 * Prints the memory growth of the process in bytes after many calls of the real Secret Service store.
 * Needs `--v8-flags=--expose-gc`.
 */
import { Secret } from "../../src/secret.ts";
import { SecretServiceStore } from "../../src/stores/linux/secret_service.ts";
import { systemEnvironment } from "../../src/system/environment.ts";

const store = new SecretServiceStore({
  environment: systemEnvironment(),
  waitOptions: { interactive: false, onWait: () => {} },
});
const large = new Secret("0123456789abcdef".repeat(4096));
const small = new Secret("small");

async function useLarge(): Promise<void> {
  await store.set("oidc:large", large);
  await store.get("oidc:large");
  await store.get("oidc:missing");
}

async function useAll(): Promise<void> {
  await store.assertWritable("oidc:small");
  await store.set("oidc:small", small);
  await store.list();
  await store.delete("oidc:small");
  await store.probe();
}

/** The memory growth over 400 rounds of `use`, after 200 warm-up rounds. */
async function growth(use: () => Promise<void>): Promise<number> {
  const held = async (rounds: number): Promise<number> => {
    for (let i = 0; i < rounds; i++) await use();
    (globalThis as unknown as { gc: () => void }).gc();
    return Deno.memoryUsage().rss;
  };
  const before = await held(200);
  return await held(400) - before;
}

console.log(Math.max(await growth(useLarge), await growth(useAll)));
