// deno-lint-ignore-file no-console

/** Sends a request with METHOD to URL, with optional TOKEN and BODY, and prints the response. */
async function send(
  [method = "", url = "", token = "", body]: readonly string[],
): Promise<boolean> {
  const response = await fetch(url, {
    method,
    redirect: "manual",
    headers: token === "" ? {} : { authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { body: /^\{/.test(body) ? body : new URLSearchParams(body) }),
  });
  console.log(await response.text());
  if (response.status >= 400) console.error(`HTTP ${response.status}`);
  return response.status < 400;
}

if (import.meta.main && !await send(Deno.args)) Deno.exit(1);
