/** `text` on one line, without what moves a terminal's cursor or turns the reading direction round. */
export function printable(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, " ").trim();
}
