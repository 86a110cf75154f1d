import type { Edit } from "../../text/formats/settings_format.ts";
import { pathIn } from "../../text/home.ts";
import type { Tool } from "../tool.ts";

/**
 * Docker: `credHelpers` for the given registries, else `credsStore` for all, in `config.json`
 * (docs.docker.com, "docker login"). A helper is a program on `PATH` without arguments of its own, so the profile
 * is found by the registry.
 */
export const docker: Tool = {
  tool: "docker",
  takesAnyAddress: true,
  connect: ({ origins, environment, system }) => {
    const folder = pathIn(["DOCKER_CONFIG"], "~/.docker", environment, system);
    const edits: Edit[] = origins.length === 0
      ? [{ key: ["credsStore"], value: "fob" }]
      : origins.map((origin) => ({ key: ["credHelpers", registryOf(origin)], value: "fob" }));
    return [
      { kind: "link", name: "docker-credential-fob" },
      { kind: "settings", path: `${folder}/config.json`, format: "json", edits: () => edits },
    ];
  },
};

/** The registry as docker names it. Docker Hub has an address of its own. */
function registryOf(origin: string): string {
  return origin === "https://index.docker.io" ? `${origin}/v1/` : new URL(origin).host;
}
