import assert from "node:assert/strict";
import {
  directoryOf,
  isAbsolute,
  join,
  nameOf,
  nativePath,
} from "../../../../src/system/files/paths.ts";

Deno.test("a path lies in the directory before its last slash, or in the working directory", () => {
  const directories = { "/a/b/c": "/a/b", "/c": "/", "a/c": "a", "./c": ".", "config.ini": "." };
  for (const [path, directory] of Object.entries(directories)) {
    assert.equal(directoryOf(path, "linux"), directory, path);
  }
  assert.equal(directoryOf("a/b\\c", "linux"), "a");
});

Deno.test("on Windows either slash ends a directory, and a drive or a share is one", () => {
  const directories = {
    "C:\\a b\\c": "C:\\a b",
    "C:\\a/c": "C:\\a",
    "C:\\c": "C:\\",
    "c:/c": "c:/",
    "C:c": "C:",
    "\\c": "\\",
    "a\\c": "a",
    "c": ".",
    "\\\\server\\share\\c": "\\\\server\\share",
  };
  for (const [path, directory] of Object.entries(directories)) {
    assert.equal(directoryOf(path, "windows"), directory, path);
    assert.equal(nameOf(path, "windows"), "c", path);
  }
});

Deno.test("a name is put into a directory as the system writes it", () => {
  assert.equal(join("/a", "b", "linux"), "/a/b");
  assert.equal(join("C:\\a", "b", "windows"), "C:\\a\\b");
  assert.equal(join("C:\\", "b", "windows"), "C:\\b");
});

Deno.test("on Windows a path is absolute with a drive and a root, or on a share", () => {
  for (const path of ["C:\\", "c:/a", "\\\\server\\share", "//server/share/a", "\\\\?\\C:\\a"]) {
    assert.ok(isAbsolute(path, "windows"), path);
  }
  for (const path of ["", "a", "..\\a", "\\a", "/a", "C:", "C:a", "\\\\", "\\\\server"]) {
    assert.ok(!isAbsolute(path, "windows"), path);
  }
  assert.ok(isAbsolute("/a", "linux"));
  for (const path of ["", "a", "C:\\a", "\\\\server\\share"]) {
    assert.ok(!isAbsolute(path, "linux"), path);
  }
});

Deno.test("slashes become backslashes on Windows alone", () => {
  assert.equal(nativePath("C:/a b\\c/d", "windows"), "C:\\a b\\c\\d");
  assert.equal(nativePath("/a/b\\c", "linux"), "/a/b\\c");
});
