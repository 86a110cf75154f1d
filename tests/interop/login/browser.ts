/** A minimal browser for a sign-in: stores cookies, follows redirects and submits forms. */
export class Browser {
  readonly #cookies = new Map<string, string>();

  /** Visits `url`, follows redirects and returns the last page. `bend` may change each address. */
  async visit(url: URL, init: RequestInit = {}, bend?: (url: URL) => void): Promise<string> {
    bend?.(url);
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(url, { ...init, redirect: "manual", headers: { cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === "") this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    const location = response.headers.get("location");
    const text = await response.text();
    return location === null ? text : await this.visit(new URL(location, url), {}, bend);
  }

  /** Submits the form of `page`, which came from `url`, with `fields` and its hidden fields. */
  async submit(page: string, url: URL, fields: Record<string, string>): Promise<string> {
    const action = /action="([^"]+)"/.exec(page)?.[1] ?? url.href;
    const hidden = [...page.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)];
    const body = new URLSearchParams(hidden.map(([, name = "", value = ""]) => [name, value]));
    for (const [name, value] of Object.entries(fields)) body.set(name, value);
    return await this.visit(new URL(action, url), { method: "POST", body });
  }
}
