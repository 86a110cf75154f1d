import { createHash } from "node:crypto";
import { type Entry, tarGzip } from "../../scripts/release/archive.ts";
import { writeChecksums } from "../../scripts/release/checksums.ts";

/** A web server for releases on loopback. */
export interface ReleaseServer extends AsyncDisposable {
  /** Replaces `https://github.com/OWNER/NAME/releases`. */
  readonly address: string;
  /** The requested paths, relative to the address. */
  readonly asked: string[];
  /** The responses by path; any other path gives 404. */
  readonly files: Map<string, Uint8Array | ((request: Request) => Response | Promise<Response>)>;
}

/** Starts a server without files. */
export function serveReleases(): ReleaseServer {
  const files: ReleaseServer["files"] = new Map();
  const asked: string[] = [];
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, (request) => {
    const path = new URL(request.url).pathname.slice(1);
    asked.push(path);
    const found = files.get(path);
    if (found === undefined) return new Response("not found", { status: 404 });
    return typeof found === "function" ? found(request) : new Response(found.slice());
  });
  return {
    address: `http://127.0.0.1:${server.addr.port}`,
    asked,
    files,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** A script that only prints "fob `version`". */
export function fakeFob(version: string): Entry {
  const text = `#!/bin/sh\n[ "$1" = --version ] && echo "fob ${version}"\n`;
  return { path: "fob", bytes: new TextEncoder().encode(text), isProgram: true };
}

/** Makes the archive of a release with `entries`, and its checksum line. */
export function fakeRelease(
  version: string,
  target: string,
  entries = [fakeFob(version)],
): { name: string; archive: Uint8Array; sums: string } {
  const folder = `fob-${version}-${target}`;
  const name = `${folder}.tar.gz`;
  const archive = tarGzip(
    entries.map((entry) => ({ ...entry, path: `${folder}/${entry.path}` })),
    1e9,
  );
  const hash = createHash("sha256").update(archive).digest("hex");
  return { name, archive, sums: writeChecksums(new Map([[name, hash]])) };
}

/** Publishes a release as the latest one. */
export function publish(
  server: ReleaseServer,
  version: string,
  { name, archive, sums }: ReturnType<typeof fakeRelease>,
): void {
  const text = new TextEncoder().encode(sums);
  server.files.set("latest/download/SHA256SUMS", text);
  server.files.set(`download/v${version}/SHA256SUMS`, text);
  server.files.set(`download/v${version}/${name}`, archive);
}
