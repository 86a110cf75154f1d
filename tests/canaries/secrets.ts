import { hiddenMark, mark } from "./mark.ts";
import { Search } from "./search.ts";

/** A secret of a script that no fake server has issued. */
export interface Secret {
  readonly text: string;
  /** Whether only fob and a server may have it, like a secret with {@link hiddenMark}. */
  readonly isHidden: boolean;
}

/** The secrets of a running script. */
export class Secrets {
  readonly #all = new Set([mark, hiddenMark]);
  readonly #hidden = new Set([hiddenMark]);

  /** Adds each line of a secret. A hidden line stays hidden.
   *
   * @throws {Error} if a line is too short to search for. */
  add({ text, isHidden }: Secret): void {
    const lines = text.split(/\r?\n/).map((line) => line.trim()).filter(Boolean);
    new Search(lines);
    for (const line of lines) {
      this.#all.add(line);
      if (isHidden) this.#hidden.add(line);
    }
  }

  /** A search for all secrets so far. */
  searchAll(): Search {
    return new Search([...this.#all]);
  }

  /** A search for the hidden secrets. */
  searchHidden(): Search {
    return new Search([...this.#hidden]);
  }
}
