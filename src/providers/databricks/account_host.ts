/** Whether `origin` is the accounts console, which contains no workspace. */
export function isAccountHost(origin: string): boolean {
  return /^https:\/\/accounts(-dod)?\./.test(origin);
}
