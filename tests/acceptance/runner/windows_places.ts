/** A folder that scripts use. */
interface Place {
  readonly name: string;
  /** Its path on this system. */
  readonly here: string;
  /** Its Windows path. */
  readonly there: string;
}

/** Converts the Linux paths of scripts to the paths of a Windows machine, and back. */
export class WindowsPlaces {
  readonly #work: string;
  /** A nested folder comes before its parent. */
  readonly #places: readonly Place[];

  /**
   * `work` is the directory of the script, `home` the user folder, both with slashes. `spell` converts
   * them to Windows paths.
   */
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

  /** The path on this system of `path` in a script. */
  find(path: string): string {
    if (path.startsWith(`${this.#work}/`)) return this.find(path.slice(this.#work.length + 1));
    if (/^(?:\/|[A-Za-z]:)/.test(path)) return path;
    const { name, here } = this.#placeOf(path);
    return here + (name === "" ? `/${path}` : path.slice(name.length));
  }

  /** Converts paths in the script's directory to Windows paths. */
  spell(text: string): string {
    const path = new RegExp(`${RegExp.escape(this.#work)}(?:/([^\\s"';,]*))?`, "g");
    return text.replace(path, (_, tail = "") => {
      const { name, there } = this.#placeOf(tail);
      const rest = tail.slice(name.length).replace(/^\/?(?=.)/, "/");
      return there + rest.replaceAll("/", "\\");
    });
  }

  /** Converts Windows paths in output of fob, JSON included, to paths of the script. */
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
