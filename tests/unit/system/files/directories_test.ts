import assert from "node:assert/strict";
import {
  type Directories,
  findDirectories,
  profileFilePath,
} from "../../../../src/system/files/directories.ts";
import { environmentOf } from "../../../fakes/machine/environment.ts";

function find(variables: Readonly<Record<string, string>>): Directories {
  return findDirectories(environmentOf(variables), "linux");
}

function findOnWindows(variables: Readonly<Record<string, string>>): Directories {
  return findDirectories(environmentOf(variables), "windows");
}

Deno.test("without variables, the directories are in the home directory, without a runtime directory", () => {
  assert.deepEqual(find({ HOME: "/home/someone" }), {
    config: "/home/someone/.config/fob",
    state: "/home/someone/.local/state/fob",
  });
});

Deno.test("the XDG variables name the directories, with or without a home directory", () => {
  const xdg = { XDG_CONFIG_HOME: "/c", XDG_STATE_HOME: "/s", XDG_RUNTIME_DIR: "/r" };
  const found = { config: "/c/fob", state: "/s/fob", runtime: "/r/fob" };
  assert.deepEqual(find(xdg), found);
  assert.deepEqual(find({ ...xdg, HOME: "/home/someone" }), found);
});

Deno.test("a relative path in a variable is ignored", () => {
  const xdg = { XDG_CONFIG_HOME: "c", XDG_STATE_HOME: "./s", XDG_RUNTIME_DIR: "../r" };
  const home = { HOME: "/home/someone" };
  assert.deepEqual(find({ ...xdg, ...home }), find(home));
});

Deno.test("a missing home directory is an error that names the unset variables", () => {
  assert.throws(() => find({ XDG_CONFIG_HOME: "/c" }), {
    code: "config_invalid",
    message: "Cannot find a home directory: HOME and XDG_STATE_HOME are not set",
  });
  assert.throws(() => findOnWindows({ LOCALAPPDATA: "C:\\l", HOME: "/home/someone" }), {
    code: "config_invalid",
    message: "Cannot find a home directory: USERPROFILE and APPDATA are not set",
  });
});

Deno.test("on Windows settings roam and other files stay on the machine", () => {
  const profile = "C:\\Users\\Some One";
  const folders = {
    config: `${profile}\\AppData\\Roaming\\fob`,
    state: `${profile}\\AppData\\Local\\fob`,
  };
  assert.deepEqual(findOnWindows({ USERPROFILE: profile }), folders);
  assert.deepEqual(findOnWindows({ USERPROFILE: "C:/Users/Some One" }), folders);
  const named = { APPDATA: "\\\\server\\profiles\\me", LOCALAPPDATA: "D:/l" };
  const found = { config: "\\\\server\\profiles\\me\\fob", state: "D:\\l\\fob" };
  assert.deepEqual(findOnWindows({ ...named, USERPROFILE: profile }), found);
});

Deno.test("on Windows paths without a drive and the XDG variables are ignored", () => {
  const profile = { USERPROFILE: "C:\\Users\\me" };
  const ignored = {
    APPDATA: "\\roaming",
    LOCALAPPDATA: "C:local",
    XDG_CONFIG_HOME: "C:\\c",
    XDG_STATE_HOME: "C:\\s",
    XDG_RUNTIME_DIR: "C:\\r",
  };
  assert.deepEqual(findOnWindows({ ...profile, ...ignored }), findOnWindows(profile));
});

Deno.test("FOB_CONFIG_FILE is the path of the profile file, with ~ for the home directory", () => {
  const at = (set: Readonly<Record<string, string>>): string =>
    profileFilePath(environmentOf({ HOME: "/h", ...set }), "linux");
  assert.equal(at({}), "/h/.config/fob/config.ini");
  assert.equal(at({ FOB_CONFIG_FILE: "~/f.ini" }), "/h/f.ini");
  assert.equal(at({ FOB_CONFIG_FILE: "/etc/f.ini" }), "/etc/f.ini");
  assert.equal(at({ FOB_CONFIG_FILE: "f.ini" }), "f.ini");
});
