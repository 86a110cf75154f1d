import { startAstroServer } from "../../fakes/servers/astro_server.ts";
import { type Finding, numberOf, type Verb, verbOf } from "./verb.ts";

const controls: Readonly<Record<string, Verb>> = {
  start: {
    usage: "start",
    run: async (script) => {
      if (script.astro !== undefined) throw new Error("An Astro domain has already been started");
      const server = await startAstroServer();
      script.astro = server;
      script.cleanups.push(() => server.close());
    },
  },
  requests: {
    usage: "requests GRANT COUNT",
    run: ({ astro }, [grant = "", count = ""]): Finding => {
      if (astro === undefined) throw new Error("No Astro domain has been started");
      const found = astro.granted.filter((it) => it === grant).length;
      return { holds: found === numberOf(count), detail: `there were ${found}` };
    },
  },
};

/** Controls of a fake Astro domain. `$ASTRO` is the address of its API. */
export const astroVerbs: Readonly<Record<string, Verb>> = {
  astro: verbOf("astro", "start|requests [ARG…]", controls),
};
