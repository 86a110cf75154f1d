import { hiddenMark, mark } from "./mark.ts";
import { Search } from "./search.ts";

/** A secret that somebody brings along: no fake server has issued it. */
export interface Secret {
  readonly text: string;
  /** Whether it is between fob and a server, as what bears {@link hiddenMark}: nobody else is given it. */
  readonly isHidden: boolean;
}

/** The secrets that there are while a script runs. */
export class Secrets {
  readonly #all = new Set([mark, hiddenMark]);
  readonly #hidden = new Set([hiddenMark]);

  /** Adds each line of a secret; what is hidden once stays so. Throws where one cannot be searched for. */
  add({ text, isHidden }: Secret): void {
    const lines = text.split(/\r?\n/).map((line) => line.trim()).filter(Boolean);
    new Search(lines);
    for (const line of lines) {
      this.#all.add(line);
      if (isHidden) this.#hidden.add(line);
    }
  }

  /** For every secret that there is now. */
  searchAll(): Search {
    return new Search([...this.#all]);
  }

  /** For what is hidden. */
  searchHidden(): Search {
    return new Search([...this.#hidden]);
  }
}
