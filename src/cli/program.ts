import type { World } from "./world.ts";
export async function run(_argv: readonly string[], _world: World): Promise<number> {
  return await Promise.resolve(2);
}
