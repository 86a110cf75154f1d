import { present } from "../../../src/present.ts";
import type { Repository, WorkingDirectory } from "../../../src/system/working_directory.ts";

/** The properties of a fake working directory. By default, it has no repository. */
export interface FakeWorkingDirectory {
  readonly directory?: string;
  readonly home?: string;
  readonly ignoresCase?: boolean;
  /** Where links lead, by path without a slash at its end. */
  readonly links?: Readonly<Record<string, string>>;
  readonly repository?: Repository;
}

/** A process that runs in `place`. */
export function fakeWorkingDirectory(place: FakeWorkingDirectory): () => Promise<WorkingDirectory> {
  const { directory, home, ignoresCase = false, links = {}, repository } = place;
  return () =>
    Promise.resolve({
      directory: () => directory,
      ...present({ home }),
      ignoresCase,
      realPath: (path) => Promise.resolve(links[path.replace(/\/$/, "")] ?? path),
      repository: () => Promise.resolve(repository ?? { problem: "no repository" }),
    });
}

/** Fails if the working directory is read. */
export function noWorkingDirectory(): Promise<never> {
  return Promise.reject(new Error("The working directory must not be read"));
}
