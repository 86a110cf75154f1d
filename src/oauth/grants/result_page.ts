/** The outcome of a sign-in, for the page in the browser. */
export type Outcome =
  | { readonly outcome: "signed-in"; readonly host: string }
  /** `kept: "unknown"` if the store timed out, so that the credential may or may not be stored. */
  | { readonly outcome: "failed"; readonly reason: string; readonly kept: "nothing" | "unknown" }
  /** The sign-in is still in progress. */
  | { readonly outcome: "pending" };

interface PageText {
  readonly title: string;
  /** HTML. */
  readonly heading: string;
  /** HTML, one string per paragraph. */
  readonly paragraphs: readonly string[];
}

const style = `
:root { color-scheme: light dark; --paper: #faf9f7; --ink: #1c1c1e; --soft: #63636a; --rule: #e4e2dd }
.signed-in { --mark: #1d7f52 } .failed { --mark: #b3412e } .pending { --mark: #8a6d1f }
@media (prefers-color-scheme: dark) {
  :root { --paper: #161618; --ink: #f0eff0; --soft: #a2a2aa; --rule: #2e2e32 }
  .signed-in { --mark: #5fce9a } .failed { --mark: #f08a75 } .pending { --mark: #dcbc62 }
}
* { box-sizing: border-box; margin: 0 }
body { min-height: 100vh; display: grid; place-items: center; padding: 2rem 1.5rem 14vh;
  background: var(--paper); color: var(--ink); -webkit-font-smoothing: antialiased;
  font: 1.0625rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif }
main { width: 100%; max-width: 32rem }
svg { display: block; width: 3rem; height: 3rem; margin-bottom: 1.75rem; color: var(--mark) }
h1 { font-size: clamp(1.5rem, 5vw, 1.875rem); line-height: 1.25; font-weight: 600;
  letter-spacing: -0.015em; text-wrap: balance; overflow-wrap: anywhere }
h1 b { display: block; margin-top: .25rem; font-size: clamp(1rem, 4vw, 1.25rem); font-weight: inherit;
  letter-spacing: 0; color: var(--mark) }
p { margin-top: .875rem; color: var(--soft); text-wrap: pretty; overflow-wrap: anywhere }
p.reason { margin: 1.25rem 0; padding-left: 1rem; border-left: 2px solid var(--mark); color: var(--ink) }
footer { margin-top: 2.5rem; padding-top: 1rem; border-top: 1px solid var(--rule);
  font: .8125rem ui-monospace, "SF Mono", Menlo, Consolas, monospace; color: var(--soft) }
`;

const marks = {
  "signed-in": "M15.5 24.5l6 6 11-13",
  failed: "M17.5 17.5l13 13m0-13l-13 13",
  pending: "M24 14.5V24l6.5 4",
} as const;

/**
 * The page that the browser shows at the end of a sign-in: one document without scripts or external
 * resources. All foreign text is escaped.
 */
export function resultPage(result: Outcome): string {
  const { title, heading, paragraphs } = pageText(result);
  const mark = markOf(result.outcome, "currentColor");
  const icon = encodeURIComponent(markOf(result.outcome, "#7a8a80"));
  return `<!doctype html>
<html lang="en" class="${result.outcome}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title} · fob</title>
<link rel="icon" href="data:image/svg+xml,${icon}">
<style>${style}</style>
</head>
<body>
<main>
${mark}
<h1>${heading}</h1>
${paragraphs.join("\n")}
<footer>fob</footer>
</main>
</body>
</html>
`;
}

/** The headers of every response: the browser must not cache, frame, refer to or load anything. */
export async function pageHeaders(): Promise<Record<string, string>> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(style));
  const hash = new Uint8Array(digest).toBase64();
  return {
    "content-security-policy": `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; ` +
      "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "connection": "close",
  };
}

function pageText(result: Outcome): PageText {
  switch (result.outcome) {
    case "signed-in":
      return {
        title: "Signed in",
        heading: `You are signed in to <b>${escapeHtml(result.host)}</b>`,
        paragraphs: ["<p>You can close this tab and go back to the terminal.</p>"],
      };
    case "failed":
      return {
        title: "Not signed in",
        heading: "You are not signed in",
        paragraphs: [
          `<p class="reason">${escapeHtml(result.reason)}</p>`,
          result.kept === "nothing"
            ? "<p>No credential was stored. You can close this tab. The terminal shows what to do next.</p>"
            : "<p>The credential may have been stored. The terminal shows what to do next.</p>",
        ],
      };
    case "pending":
      return {
        title: "Almost done",
        heading: "Almost done",
        paragraphs: [
          "<p>fob is finishing the sign-in. You can close this tab. The terminal shows the result.</p>",
        ],
      };
  }
}

function markOf(outcome: Outcome["outcome"], color: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48" fill="none" stroke="${color}" ` +
    `stroke-width="2.5" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">` +
    `<circle cx="24" cy="24" r="21.5"/><path d="${marks[outcome]}"/></svg>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
