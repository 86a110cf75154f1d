/** A folder that scripts know, by its path in their directory. */
interface Place {
  readonly name: string;
  /** Where we find it. */
  readonly here: string;
  /** Where fob finds it: a path of Windows. */
  readonly there: string;
}

/** Where on a Windows machine the folders are that scripts, which are written for Linux, speak of. */
export class WindowsPlaces {
  readonly #work: string;
  /** What is in another one comes before that. */
  readonly #places: readonly Place[];

  /** `home`, the person's folder, and `work`, the script's, with slashes; `spell` writes them for fob. */
  constructor(work: string, home: string, spell: (path: string) => string) {
    const folders: Readonly<Record<string, string>> = {
      "home/.config/fob": `${home}/AppData/Roaming/fob`,
      "home/.config/gh": `${home}/AppData/Roaming/GitHub CLI`,
      "home/.local/state/fob": `${home}/AppData/Local/fob`,
      "home": home,
      "": work,
    };
    this.#work = work;
    this.#places = Object.entries(folders).map(([name, here]) => ({
      name,
      here,
      there: spell(here),
    }));
  }

  /** Where we find what a script calls `path`. */
  find(path: string): string {
    if (path.startsWith(`${this.#work}/`)) return this.find(path.slice(this.#work.length + 1));
    if (/^(?:\/|[A-Za-z]:)/.test(path)) return path;
    const { name, here } = this.#placeOf(path);
    return here + (name === "" ? `/${path}` : path.slice(name.length));
  }

  /** `text` with the paths in the script's directory as Windows has them. */
  spell(text: string): string {
    const path = new RegExp(`${RegExp.escape(this.#work)}(?:/([^\\s"';,]*))?`, "g");
    return text.replace(path, (_, tail = "") => {
      const { name, there } = this.#placeOf(tail);
      const rest = tail.slice(name.length).replace(/^\/?(?=.)/, "/");
      return there + rest.replaceAll("/", "\\");
    });
  }

  /** `text` of fob's, in JSON too, with the paths of Windows as the script would have them. */
  read(text: string): string {
    return this.#places.reduce((said, { name, there }) => {
      const steps = there.split("\\").map((step) => RegExp.escape(step)).join("\\\\{1,2}");
      const path = new RegExp(`${steps}((?:(?:\\\\{1,2}|/)[^\\s"'\\\\/:*?<>|]+)*)`, "g");
      const root = name === "" ? this.#work : `${this.#work}/${name}`;
      return said.replace(path, (_, tail: string) => root + tail.replaceAll(/\\+/g, "/"));
    }, text);
  }

  #placeOf(path: string): Place {
    const found = this.#places.find(({ name }) =>
      name === "" || path === name || path.startsWith(`${name}/`)
    );
    if (found === undefined) throw new Error(`No place for "${path}"`);
    return found;
  }
}
