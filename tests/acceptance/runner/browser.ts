/**
 * Visits an address as the browser of a person who approves everything would, and prints nothing.
 * `BROWSER_DOES` makes it misbehave before it does right: `nothing` (never visits), `wrong-state`,
 * `stray` (asks for an icon, and for the callback under another Host), `twice` (reloads the callback).
 * `BROWSER_SAVES` names a file for the page that the person sees last. `BROWSER_PAUSE` is how many seconds the person
 * takes before.
 */

if (import.meta.main) {
  const { BROWSER_DOES: does = "approve", BROWSER_SAVES: saves, BROWSER_PAUSE: pause = "0" } = Deno
    .env.toObject();
  await new Promise((resolve) => setTimeout(resolve, Number(pause) * 1000));
  const page = does === "nothing" ? "" : await visit(new URL(Deno.args[0] ?? ""), does);
  if (saves !== undefined) await save(saves, page);
}

/** The page that the person sees last; empty where that is an error of the browser's own. */
async function visit(address: URL, does: string): Promise<string> {
  try {
    const arrival = await follow(address);
    return arrival.searchParams.has("state") ? await callBack(arrival, does) : "";
  } catch (error) {
    return unreachable(error);
  }
}

/** Whole or not at all: a script may be waiting for the file to appear. */
async function save(path: string, page: string): Promise<void> {
  await Deno.writeTextFile(`${path}.part`, page);
  await Deno.rename(`${path}.part`, path);
}

/** Follows redirects up to the first that leads off the server, which is the callback. */
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
      throw new Error(`BROWSER_DOES is unknown: "${does}"`);
  }
  return await page(callback);
}

/** The callback with a code that no server gave: if it is taken, the sign-in fails. */
function forged(callback: URL, changes: Record<string, string>): URL {
  const url = new URL(callback);
  for (const [name, value] of Object.entries({ code: "forged", ...changes })) {
    url.searchParams.set(name, value);
  }
  return url;
}

/** By then the listener may be gone; the person still sees the first page behind the error. */
async function reload(callback: URL): Promise<string> {
  const first = await page(callback);
  await page(callback).catch(unreachable);
  return first;
}

/** What a browser shows as a page of its own: the server is not there, or went away. */
function unreachable(error: unknown): string {
  if (error instanceof TypeError) return "";
  throw error;
}

async function page(url: URL): Promise<string> {
  return await (await fetch(url)).text();
}

/** What a page elsewhere gets through to a loopback port by DNS rebinding. `fetch` cannot send it. */
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
