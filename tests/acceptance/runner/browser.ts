/**
 * Visits an address like the browser of a user who approves everything. Prints nothing. `BROWSER_DOES`
 * adds a misbehavior before the visit: `nothing` (no visit at all), `wrong-state`, `stray` (requests an
 * icon, and the callback under another Host), `twice` (reloads the callback). `BROWSER_SAVES` names a
 * file for the last page. `BROWSER_PAUSE` is a delay before the visit, in seconds.
 */

if (import.meta.main) {
  const { BROWSER_DOES: does = "approve", BROWSER_SAVES: saves, BROWSER_PAUSE: pause = "0" } = Deno
    .env.toObject();
  await new Promise((resolve) => setTimeout(resolve, Number(pause) * 1000));
  const page = does === "nothing" ? "" : await visit(new URL(Deno.args[0] ?? ""), does);
  if (saves !== undefined) await save(saves, page);
}

/** Visits the address and returns the last page; empty if it is an error page of the browser. */
async function visit(address: URL, does: string): Promise<string> {
  try {
    const arrival = await follow(address);
    return arrival.searchParams.has("state") ? await callBack(arrival, does) : "";
  } catch (error) {
    return unreachable(error);
  }
}

/** Writes the file atomically: a script may be waiting for it. */
async function save(path: string, page: string): Promise<void> {
  await Deno.writeTextFile(`${path}.part`, page);
  await Deno.rename(`${path}.part`, path);
}

/** Follows redirects until the first one to another origin, which is the callback. */
async function follow(address: URL): Promise<URL> {
  const response = await fetch(address, { redirect: "manual" });
  await response.body?.cancel();
  const location = response.headers.get("location");
  if (location === null) return new URL(address.origin);
  const next = new URL(location, address);
  return next.origin === address.origin ? await follow(next) : next;
}

async function callBack(callback: URL, does: string): Promise<string> {
  switch (does) {
    case "approve":
      break;
    case "wrong-state":
      await page(forged(callback, { state: "forged" }));
      break;
    case "stray":
      await page(new URL("/favicon.ico", callback));
      await underAnotherHost(forged(callback, {}));
      break;
    case "twice":
      return await reload(callback);
    default:
      throw new Error(`Unknown BROWSER_DOES: "${does}"`);
  }
  return await page(callback);
}

/** The callback with a forged code. The sign-in fails if fob accepts it. */
function forged(callback: URL, changes: Record<string, string>): URL {
  const url = new URL(callback);
  for (const [name, value] of Object.entries({ code: "forged", ...changes })) {
    url.searchParams.set(name, value);
  }
  return url;
}

/** Visits the callback twice and returns the first page. The listener may be closed by the second visit. */
async function reload(callback: URL): Promise<string> {
  const first = await page(callback);
  await page(callback).catch(unreachable);
  return first;
}

/** Returns an empty page for a failed connection. */
function unreachable(error: unknown): string {
  if (error instanceof TypeError) return "";
  throw error;
}

async function page(url: URL): Promise<string> {
  return await (await fetch(url)).text();
}

/** Sends a request with another Host header, as in a DNS rebinding attack. `fetch` cannot do that. */
async function underAnotherHost(url: URL): Promise<void> {
  const connection = await Deno.connect({ hostname: url.hostname, port: Number(url.port) });
  const lines = [
    `GET ${url.pathname}${url.search} HTTP/1.1`,
    "Host: evil.example",
    "Connection: close",
  ];
  const request = ReadableStream.from([`${lines.join("\r\n")}\r\n\r\n`]);
  await request.pipeThrough(new TextEncoderStream()).pipeTo(connection.writable, {
    preventClose: true,
  });
  await new Response(connection.readable).text();
}
