/** Runs the tour of the README again, and compares it. */
import { equal } from "node:assert/strict";
import { drawTour, withTour } from "../../../scripts/docs/picture.ts";
import { takeTour } from "../../../scripts/docs/tour.ts";
import { missingRigs } from "../../rigs/rigs.ts";

const isMissing = (await missingRigs()).includes("keyring");

Deno.test({
  name: "the tour in the README and its picture match fob's output (update: deno task picture)",
  ignore: isMissing && Deno.env.get("FOB_RIGS") !== "required",
  fn: async () => {
    const top = new URL("../../../", import.meta.url);
    const readme = await Deno.readTextFile(new URL("README.md", top));
    const steps = await takeTour();
    equal(withTour(readme, steps), readme);
    equal(drawTour(steps), await Deno.readTextFile(new URL(".github/tour.svg", top)));
  },
});
