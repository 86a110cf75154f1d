import { FobError } from "../../errors.ts";
import { IniDocument } from "../ini.ts";
import type { Json, SettingsFormat } from "./settings_format.ts";

/** The settings of an INI file. A key is a section and a name in it. */
export const ini: SettingsFormat = {
  get: (text, [section, name]) => {
    const document = IniDocument.parse(text);
    if (section === undefined) {
      return Object.fromEntries(document.sections().map((it) => [it, entriesOf(document, it)]));
    }
    if (!document.has(section)) return undefined;
    return name === undefined ? entriesOf(document, section) : document.get(section, name);
  },
  set: (text, key, value) => {
    const [section = "", name = ""] = key;
    if (typeof value !== "string" || key.length !== 2) {
      throw new FobError("config_invalid", "a section can contain only strings");
    }
    const document = IniDocument.parse(text);
    document.set(section, name, value);
    return endingAs(text, document.toString());
  },
  remove: (text, [section = "", name = ""]) => {
    const document = IniDocument.parse(text);
    document.unset(section, name);
    return endingAs(text, document.toString());
  },
};

function entriesOf(document: IniDocument, section: string): Json {
  return Object.fromEntries(document.entries(section));
}

/** Keeps the last line without an ending, if it had none. Otherwise removing a new last line would leave an ending. */
function endingAs(text: string, after: string): string {
  return text === "" || text.endsWith("\n") ? after : after.replace(/\r?\n$/, "");
}
