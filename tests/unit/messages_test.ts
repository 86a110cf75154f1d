/**
 * Every text of the program in one readable file: tests/fixtures/messages.txt. `FOB_UPDATE_GOLDEN=1` updates it.
 */
import { equal, ok } from "node:assert/strict";
import { type Message, messagesIn } from "./messages.ts";

const top = new URL("../../", import.meta.url);
const golden = new URL("tests/fixtures/messages.txt", top);

Deno.test("the list of messages matches the source", async () => {
  const text = await listMessages();
  if (Deno.env.get("FOB_UPDATE_GOLDEN") === "1") await Deno.writeTextFile(golden, text);
  equal(text, await Deno.readTextFile(golden), "FOB_UPDATE_GOLDEN=1 updates the list");
});

Deno.test("an error's code, message and hint are found, with their placeholders", () => {
  const source = `
    throw new FobError("usage", \`Unknown mode "\${mode}"\`, { facts: { example: "fob x" } });
    notice("The clock was set back");
    warn(id, a ? "one thing" : "two things", "code");`;
  const found = messagesIn("src/x.ts", source);
  equal(found.length, 3);
  equal(found[0]?.kind, "usage");
  equal(found[0]?.text, 'Unknown mode "{mode}"');
  ok(found[0]?.hint?.includes("fob x"));
  equal(found[1]?.text, "The clock was set back");
  equal(found[2]?.text, "{one thing | two things}");
});

Deno.test("a code that the caller decides is in braces, and has no hint", () => {
  const [found] = messagesIn("src/x.ts", 'throw new FobError(code, "It failed");');
  equal(found?.kind, "{code}");
  equal(found?.hint, undefined);
});

Deno.test("a usage error of a tool has no hint", () => {
  const [found] = messagesIn("src/protocols/x.ts", 'throw new FobError("usage", "No host");');
  equal(found?.text, "No host");
  equal(found?.hint, undefined);
});

async function listMessages(): Promise<string> {
  const parts: string[] = [];
  for (const path of await sources("src")) {
    const found = messagesIn(path, await Deno.readTextFile(new URL(path, top)));
    if (found.length > 0) parts.push(`== ${path}\n${found.map(shown).join("")}`);
  }
  return parts.join("\n");
}

function shown({ kind, text, hint }: Message): string {
  const line = `${kind}: ${text.trimEnd().replaceAll("\n", "\\n")}\n`;
  return hint === undefined ? line : `${line}    ${hint.replaceAll("\n", "\\n")}\n`;
}

async function sources(folder: string): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(new URL(`${folder}/`, top)));
  const found = await Promise.all(entries.map(async ({ name, isDirectory }) => {
    if (isDirectory) return await sources(`${folder}/${name}`);
    return name.endsWith(".ts") ? [`${folder}/${name}`] : [];
  }));
  return found.flat().sort();
}
