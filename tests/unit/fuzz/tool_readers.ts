import assert from "node:assert/strict";
import { applyEdits } from "../../../src/connect/edits.ts";
import type { Change } from "../../../src/connect/tool.ts";
import { toolNames, tools } from "../../../src/connect/tools.ts";
import { FobError } from "../../../src/errors.ts";
import { lines } from "../../../src/text/formats/env_format.ts";
import { hcl } from "../../../src/text/formats/hcl_format.ts";
import { ini } from "../../../src/text/formats/ini_format.ts";
import { json } from "../../../src/text/formats/json_format.ts";
import type { SettingsFormat } from "../../../src/text/formats/settings_format.ts";
import { toml } from "../../../src/text/formats/toml_format.ts";
import { type Reader, reader } from "./reader.ts";

/** Each format that a tool has its settings in, with its examples. */
const formats: Readonly<Record<string, readonly [format: SettingsFormat, corpus: string]>> = {
  hcl: [hcl, "hcl_settings"],
  ini: [ini, "databrickscfg"],
  json: [json, "json_settings"],
  lines: [lines, "npmrc"],
  toml: [toml, "toml_settings"],
};

async function changesOf(name: (typeof toolNames)[number]): Promise<readonly Change[]> {
  const { connect } = await tools[name]();
  try {
    return connect({
      fob: "/bin/fob",
      folder: "/folder",
      origins: ["https://api.example.com"],
      profile: "work",
      model: { baseUrl: "https://api.example.com/models", model: "m" },
      environment: { get: () => "/home/ada" },
      system: "linux",
    });
  } catch (error) {
    // A tool that only fob exec can start has no settings.
    if (error instanceof FobError && error.code === "declined") return [];
    throw error;
  }
}

async function readersOf(name: (typeof toolNames)[number]): Promise<Reader[]> {
  return (await changesOf(name)).flatMap((change) => {
    if (change.kind !== "settings") return [];
    const found = formats[change.format];
    assert.ok(found, `no examples of ${change.format}`);
    const [format, corpus] = found;
    return [reader(`${change.path}, settings of ${name}`, corpus, (text) => {
      const once = applyEdits(text, change.edits, "file", format);
      assert.deepEqual(applyEdits(once.text, change.edits, "file", format).settings, []);
    })];
  });
}

/** The settings of every tool that is connected: changed as the tool needs, or refused; and never twice. */
export const toolReaders: readonly Reader[] = (await Promise.all(toolNames.map(readersOf))).flat();
