import { equal } from "node:assert/strict";
import settings from "../../../deno.json" with { type: "json" };
import { version } from "../../../src/composition/version.ts";

Deno.test("the program has the version of deno.json", () => equal(version, settings.version));
