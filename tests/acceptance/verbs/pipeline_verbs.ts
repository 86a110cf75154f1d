import { Pipeline } from "../../fakes/servers/pipeline.ts";
import type { Script } from "../runner/script.ts";
import { type Verb, verbOf } from "./verb.ts";

const controls: Readonly<Record<string, Verb>> = {
  start: {
    usage: "start IDENTITY_TOKEN BEARER",
    run: (script, [identityToken = "", bearer = ""]) => {
      if (script.pipeline !== undefined) throw new Error("A CI service has already been started");
      for (const text of [identityToken, bearer]) script.secrets.add({ text, isHidden: true });
      const pipeline = new Pipeline(identityToken, bearer);
      script.pipeline = pipeline;
      script.cleanups.push(() => pipeline.close());
    },
  },
  audience: {
    usage: "audience AUDIENCE",
    run: (script, [wanted = ""]) => {
      const found = started(script).audience;
      return { holds: found === wanted, detail: `it was ${found}` };
    },
  },
};

/** Controls of a fake CI service that runs the script as a job. `$PIPELINE` is its address. */
export const pipelineVerbs: Readonly<Record<string, Verb>> = {
  pipeline: verbOf("pipeline", "start|audience [ARG…]", controls),
};

function started({ pipeline }: Script): Pipeline {
  if (pipeline === undefined) throw new Error("No CI service has been started");
  return pipeline;
}
