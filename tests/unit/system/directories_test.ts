import assert from "node:assert/strict";
import { findDirectories } from "../../../src/system/directories.ts";
import { environmentOf } from "../../fakes/environment.ts";

Deno.test("without variables, the directories are in the home directory and there is no runtime one", () => {
  assert.deepEqual(findDirectories(environmentOf({ HOME: "/home/someone" })), {
    config: "/home/someone/.config/fob",
    state: "/home/someone/.local/state/fob",
  });
});

Deno.test("the XDG variables name the directories, with or without a home", () => {
  const xdg = { XDG_CONFIG_HOME: "/c", XDG_STATE_HOME: "/s", XDG_RUNTIME_DIR: "/r" };
  const found = { config: "/c/fob", state: "/s/fob", runtime: "/r/fob" };
  assert.deepEqual(findDirectories(environmentOf(xdg)), found);
  assert.deepEqual(findDirectories(environmentOf({ ...xdg, HOME: "/home/someone" })), found);
});

Deno.test("a relative path in a variable is ignored", () => {
  const xdg = { XDG_CONFIG_HOME: "c", XDG_STATE_HOME: "./s", XDG_RUNTIME_DIR: "../r" };
  const home = { HOME: "/home/someone" };
  assert.deepEqual(
    findDirectories(environmentOf({ ...xdg, ...home })),
    findDirectories(environmentOf(home)),
  );
});

Deno.test("no home directory is an error that names what is not set", () => {
  assert.throws(() => findDirectories(environmentOf({ XDG_CONFIG_HOME: "/c" })), {
    code: "config_invalid",
    message: "Cannot find a home directory: HOME and XDG_STATE_HOME are not set",
  });
});
