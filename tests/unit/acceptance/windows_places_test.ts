import assert from "node:assert/strict";
import { WindowsPlaces } from "../../acceptance/runner/windows_places.ts";

/** Like Wine: `/c` is drive `C:`, everything else is on `Z:`. */
const places = new WindowsPlaces(
  "/scripts/w",
  "/c/users/me",
  (path) => (path.startsWith("/c/") ? `C:${path.slice(2)}` : `Z:${path}`).replaceAll("/", "\\"),
);

const config = "C:\\users\\me\\AppData\\Roaming\\fob\\config.ini";

Deno.test("paths of a script map to folders of Windows", () => {
  const found = {
    "home/.config/fob/config.ini": "/c/users/me/AppData/Roaming/fob/config.ini",
    "home/.config/gh": "/c/users/me/AppData/Roaming/GitHub CLI",
    "home/.local/state/fob/a/b": "/c/users/me/AppData/Local/fob/a/b",
    "home/.databrickscfg": "/c/users/me/.databrickscfg",
    "home": "/c/users/me",
    "homes/a": "/scripts/w/homes/a",
    "/scripts/w/home/.astro": "/c/users/me/.astro",
    "/elsewhere": "/elsewhere",
  };
  for (const [name, path] of Object.entries(found)) assert.equal(places.find(name), path, name);
});

Deno.test("paths in arguments become Windows paths, and other text is unchanged", () => {
  const spelled = {
    "/scripts/w/home/.config/fob/config.ini": config,
    "/scripts/w": "Z:\\scripts\\w",
    "/scripts/w/a/b": "Z:\\scripts\\w\\a\\b",
    "x '/scripts/w/home' /y https://h.example/z": "x 'C:\\users\\me' /y https://h.example/z",
  };
  for (const [text, there] of Object.entries(spelled)) assert.equal(places.spell(text), there);
});

Deno.test("Windows paths in output become paths of the script, in JSON too", () => {
  const golden = "/scripts/w/home/.config/fob/config.ini";
  assert.equal(places.read(`in "${config}".`), `in "${golden}".`);
  assert.equal(places.read(JSON.stringify([config, "\\"])), JSON.stringify([golden, "\\"]));
  assert.equal(
    places.read("Stored in Z:\\scripts\\w\\a\\b.json.\n"),
    "Stored in /scripts/w/a/b.json.\n",
  );
  assert.equal(places.read("C:\\users\\you\\a"), "C:\\users\\you\\a");
});

Deno.test("spelling and reading a path returns it", () => {
  for (
    const text of [
      "/scripts/w/home/.config/gh/hosts.yml",
      "/scripts/w/a b",
      "nothing",
      "/scripts/w/home",
    ]
  ) {
    assert.equal(places.read(places.spell(text)), text);
  }
});
