import assert from "node:assert/strict";
import { homeOf, pathIn, resolvePath } from "../../../src/text/home.ts";
import { environmentOf } from "../../fakes/machine/environment.ts";

const onLinux: [path: string, resolved: string][] = [
  ["~", "/h"],
  ["~/x/y", "/h/x/y"],
  ["~other/x", "~other/x"],
  ["/etc/x", "/etc/x"],
  ["x/y", "x/y"],
  ["x/~/y", "x/~/y"],
  ["~\\x", "~\\x"],
];

for (const [path, resolved] of onLinux) {
  Deno.test(`the path "${path}" resolves to ${resolved}`, () => {
    assert.equal(resolvePath(path, environmentOf({ HOME: "/h" }), "linux"), resolved);
  });
}

Deno.test("on Windows the home directory is USERPROFILE, and ~ accepts either slash", () => {
  const environment = environmentOf({ USERPROFILE: "C:\\h", HOME: "/h" });
  assert.equal(resolvePath("~\\x", environment, "windows"), "C:\\h\\x");
  assert.equal(resolvePath("~/x", environment, "windows"), "C:\\h/x");
});

Deno.test("pathIn uses the first variable that is set, and only ~ needs a home directory", () => {
  const set = { A: "/a", B: "~/b" };
  assert.equal(pathIn(["A", "B"], "~/c", environmentOf(set), "linux"), "/a");
  assert.equal(pathIn(["C", "B"], "~/c", environmentOf({ ...set, HOME: "/h" }), "linux"), "/h/b");
  assert.equal(pathIn(["C"], "~/c", environmentOf({ HOME: "/h" }), "linux"), "/h/c");
  for (const path of ["~", "~/x"]) {
    assert.throws(() => resolvePath(path, environmentOf({}), "linux"), {
      code: "config_invalid",
      message: "Cannot find a home directory: HOME is not set",
    });
  }
  assert.throws(() => homeOf(environmentOf({ HOME: "/h" }), "windows"), /USERPROFILE is not set/);
});
