import { fileLockLimit } from "../../limits.ts";
import type { Locks } from "./locks.ts";
import { readText } from "./read_text.ts";
import type { TextFile } from "./text_file.ts";

/** The user's profile file. Edits are made under a lock and change no more than necessary. */
export interface UserFile extends Pick<TextFile, "path" | "read"> {
  /**
   * Replaces the text with the result of `edit`, atomically and under a lock. The old text is kept as `.bak`
   * with mode 0600. Writes nothing if `edit` changes nothing.
   *
   * If another program changes the file meanwhile, without the lock, its change is kept and `edit` is called
   * again with the new text. Throws `declined` if that happens too often.
   */
  change(edit: (text: string) => string): Promise<void>;
  /** Like `change`, but also edits the `.bak` file, so that no copy of removed text remains. */
  scrub(edit: (text: string) => string): Promise<void>;
  /** Throws what `change` would throw, as far as it can be known without a change. */
  assertWritable(): Promise<void>;
}

/**
 * The file at `path`. A link is followed and its target changed. The backup is beside the target, as
 * `.databrickscfg.bak` is with Databricks' own tool.
 *
 * `read` and `change` throw as {@link TextFile} does.
 */
export function userFile(path: string, locks: Locks): UserFile {
  return {
    path,
    read: () => Promise.try(readText, path),
    change: async (edit) => {
      const { changeText } = await import("./edit_text.ts");
      using _lock = await locks.take("profiles", fileLockLimit);
      await changeText(path, edit);
    },
    scrub: async (edit) => {
      const { scrubText } = await import("./edit_text.ts");
      using _lock = await locks.take("profiles", fileLockLimit);
      await scrubText(path, edit);
    },
    assertWritable: async () => {
      const { rehearseChange } = await import("./edit_text.ts");
      using _lock = await locks.take("profiles", fileLockLimit);
      await rehearseChange(path);
    },
  };
}
