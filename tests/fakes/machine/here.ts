import { present } from "../../../src/present.ts";
import type { Repository, WorkingDirectory } from "../../../src/system/working_directory.ts";

/** What a fake place has; it has no repository unless it is given one. */
export interface FakePlace {
  readonly directory?: string;
  readonly home?: string;
  readonly ignoresCase?: boolean;
  /** Where links lead, by path without a slash at its end. */
  readonly links?: Readonly<Record<string, string>>;
  readonly repository?: Repository;
}

/** A process that runs in `place`. */
export function hereIn(place: FakePlace): () => Promise<WorkingDirectory> {
  const { directory, home, ignoresCase = false, links = {}, repository } = place;
  return () =>
    Promise.resolve({
      directory: () => directory,
      ...present({ home }),
      ignoresCase,
      realPath: (path) => Promise.resolve(links[path.replace(/\/$/, "")] ?? path),
      repository: () => Promise.resolve(repository ?? { problem: "there is none" }),
    });
}

/** For whom no rule may be asked. */
export function nowhere(): Promise<never> {
  return Promise.reject(new Error("Nobody had to ask where this is"));
}
