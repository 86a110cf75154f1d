/** Mounts the directory `$1` read-only and runs the rest of `$@`. */
const readonlyMount =
  `mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && shift && exec "$@"`;

/**
 * Mounts a full file system of `$2` bytes over the directory `$1`, with its content, and runs the rest
 * of `$@`. The content is copied back afterwards, because the mount ends with the program.
 */
const fullMount = `
set -e; dir=$1 size=$2; shift 2
below=$(mktemp -d); mount --bind "$dir" "$below"
mount -t tmpfs -o "size=$size" tmpfs "$dir"; cp -a "$below/." "$dir"
cat /dev/zero >"$dir/.fill" 2>/dev/null || true
code=0; "$@" || code=$?
rm "$dir/.fill"; find "$below" -mindepth 1 -delete; cp -a "$dir/." "$below"
umount "$below"; rmdir "$below"; exit $code`;

/** The words to put before a program so that only it sees a mount over `dir`. Needs root. */
export function mountWrapper(form: string, dir: string, bytes: string | undefined): string[] {
  if (form === "readonly" && bytes === undefined) {
    return ["unshare", "-m", "sh", "-c", readonlyMount, "sh", dir];
  }
  if (form === "tmpfs" && bytes !== undefined) {
    return ["unshare", "-m", "sh", "-c", fullMount, "sh", dir, bytes];
  }
  throw new Error(`Unknown form "${form}" (valid: "readonly DIR", "tmpfs DIR BYTES")`);
}
