/**
 * Text from a server, made fit for a message: at most 200 characters, and nothing in it that moves a
 * terminal's cursor, breaks the line or turns the reading direction round.
 */
export function foreignText(text: string): string {
  const line = text.slice(0, 1000).replace(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, " ").trim();
  const characters = [...line];
  return characters.length > 200 ? `${characters.slice(0, 199).join("")}…` : line;
}
