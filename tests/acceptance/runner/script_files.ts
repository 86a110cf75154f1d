/** An acceptance script. */
export interface ScriptFile {
  readonly name: string;
  readonly path: string;
}

const folder = `${import.meta.dirname}/../scripts`;

/** All scripts, sorted by name. Names are unique across folders. */
export async function scriptFiles(): Promise<ScriptFile[]> {
  const found: ScriptFile[] = [];
  for await (const room of Deno.readDir(folder)) {
    const path = await Deno.realPath(`${folder}/${room.name}`);
    for await (const { name } of Deno.readDir(path)) found.push({ name, path: `${path}/${name}` });
  }
  return found.filter(({ name }) => name.endsWith(".txtar"))
    .sort((a, b) => a.name < b.name ? -1 : 1);
}
