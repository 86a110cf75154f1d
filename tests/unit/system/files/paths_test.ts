import assert from "node:assert/strict";
import {
  directoryOf,
  isAbsolute,
  join,
  nameOf,
  nativePath,
} from "../../../../src/system/files/paths.ts";

Deno.test("the directory of a path is the part before the last slash, or the working directory", () => {
  const directories = { "/a/b/c": "/a/b", "/c": "/", "a/c": "a", "./c": ".", "config.ini": "." };
  for (const [path, directory] of Object.entries(directories)) {
    assert.equal(directoryOf(path, "linux"), directory, path);
  }
  assert.equal(directoryOf("a/b\\c", "linux"), "a");
});

Deno.test("on Windows both slashes separate directories, and a drive or a share is a directory", () => {
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

Deno.test("join uses the separator of the system", () => {
  assert.equal(join("/a", "b", "linux"), "/a/b");
  assert.equal(join("C:\\a", "b", "windows"), "C:\\a\\b");
  assert.equal(join("C:\\", "b", "windows"), "C:\\b");
});

Deno.test("on Windows an absolute path has a drive and a root, or is a share", () => {
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

Deno.test("slashes become backslashes only on Windows", () => {
  assert.equal(nativePath("C:/a b\\c/d", "windows"), "C:\\a b\\c\\d");
  assert.equal(nativePath("/a/b\\c", "linux"), "/a/b\\c");
});
