/** A change to one place of the tree that breaks a promise, and the tests that are to notice. */
export interface Mutation {
  /** What the broken program does. */
  readonly name: string;
  readonly file: string;
  /** Stands in the file once. */
  readonly from: string;
  readonly to: string;
  readonly tests: readonly string[];
}

const unit = "tests/unit";

/** The lines of the core whose loss would hurt most. */
export const mutations: readonly Mutation[] = [
  {
    name: "a refresh takes no lock",
    file: "src/credentials/access_token.ts",
    from: "using lock = await needs.locks.take(account, refreshLockLimit);",
    to:
      'const lock = { read: async () => "", write: async (_text: string) => {}, [Symbol.dispose]() {} };',
    tests: [`${unit}/credentials/access_token_refresh_test.ts`],
  },
  {
    name: "who gets the lock refreshes, whatever others did while it waited",
    file: "src/credentials/access_token.ts",
    from:
      "if (suffices(credential.tokens, wish, now) || isNew(credential.tokens, startedAt, now)) {",
    to: "if (false) {",
    tests: [`${unit}/credentials/access_token_refresh_test.ts`],
  },
  {
    name: "a refresh token is spent before it is known that the store can be written",
    file: "src/credentials/access_token.ts",
    from: "await needs.store.assertWritable(account);",
    to: "",
    tests: [`${unit}/credentials/access_token_refresh_test.ts`],
  },
  {
    name: "a rotated pair is handed out before it is kept",
    file: "src/credentials/renew_tokens.ts",
    from: "await keepRotated(profile, { ...credential, tokens }, needs);",
    to: "void keepRotated(profile, { ...credential, tokens }, needs).catch(() => {});",
    tests: [
      `${unit}/credentials/renew_tokens_test.ts`,
      `${unit}/credentials/access_token_refresh_test.ts`,
    ],
  },
  {
    name: "a login that is lost for its new pair could not be kept is told as a success",
    file: "src/credentials/access_token.ts",
    from: ' || facts["spent"] !== undefined;',
    to: " || facts === undefined;",
    tests: [`${unit}/credentials/access_token_refresh_test.ts`],
  },
  {
    name: "a login is kept half when a signal comes",
    file: "src/credentials/login.ts",
    from: `await needs.uninterrupted(async () => {
    const takeBack`,
    to: `await (async (work: () => Promise<void>) => await work())(async () => {
    const takeBack`,
    tests: [`${unit}/credentials/interrupted_keeping_test.ts`],
  },
  {
    name: "what a credential was obtained for is not compared with the profile",
    file: "src/credentials/require_credential.ts",
    from: "if (isSame) return;",
    to: "if (isSame || true) return;",
    tests: [`${unit}/credentials/access_token_test.ts`],
  },
  {
    name: "the state of a callback is not compared",
    file: "src/oauth/loopback_redirect.ts",
    from:
      "if (states.length === 1 && states[0] === this.#options.state && answered) return undefined;",
    to: "if (answered) return undefined;",
    tests: [`${unit}/oauth/loopback_redirect_test.ts`],
  },
  {
    name: "a callback may come from another issuer",
    file: "src/oauth/authorization_code.ts",
    from: "  requireSameIssuer(server, callback);",
    to: "",
    tests: [`${unit}/oauth/authorization_code_test.ts`],
  },
  {
    name: "the client's secret is pushed to a server over plain http",
    file: "src/oauth/metadata.ts",
    from: '  "pushed_authorization_request_endpoint",\n',
    to: "",
    tests: [`${unit}/oauth/documented_server_test.ts`],
  },
  {
    name: "a page of another host may send the callback",
    file: "src/oauth/loopback_redirect.ts",
    from:
      'if (request.headers.get("host") !== authority) return [403, "This address is for fob alone."];',
    to: "",
    tests: [`${unit}/oauth/loopback_redirect_test.ts`],
  },
  {
    name: "a server without S256 is asked all the same",
    file: "src/oauth/authorization_code.ts",
    from: 'if (methods === undefined || methods.includes("S256")) return;',
    to: "if (methods === undefined || methods.length > 0) return;",
    tests: [`${unit}/oauth/authorization_code_test.ts`],
  },
  {
    name: "a locked keyring reads as not found",
    file: "src/stores/secret_service.ts",
    from: `let [item] = await this.#ask(libsecret.find(attributesOf(account)));
    if (item?.locked) {`,
    to: `let [item] = await this.#ask(libsecret.find(attributesOf(account)));
    if (item?.locked) return undefined;
    if (item?.locked) {`,
    tests: ["tests/contract/five_answers_test.ts", "tests/contract/secret_service_test.ts"],
  },
  {
    name: "any trouble with the keychain leads to the plaintext file",
    file: "src/stores/absence.ts",
    from: `return error instanceof FobError && error.code === "store_unavailable" &&
    proofs.has(error.facts["reason"] ?? "");`,
    to: "return error instanceof FobError;",
    tests: [`${unit}/stores/fallback_store_test.ts`],
  },
  {
    name: "the file of secrets may have any mode",
    file: "src/stores/private_file.ts",
    from: "await Deno.chmod(path, 0o600);",
    to: "",
    tests: ["tests/contract/plaintext_file_test.ts"],
  },
  {
    name: "the directory of secrets may be a link",
    file: "src/system/private_directory.ts",
    from:
      'if (entry.isSymlink) throw new FobError("io_failed", `Refusing "${path}": it is a symbolic link`);',
    to: "if (entry.isSymlink) return;",
    tests: [`${unit}/system/private_directory_test.ts`],
  },
  {
    name: "a file is written in place, not beside and renamed",
    file: "src/system/atomic_file.ts",
    from: "if (isReplaced) await rename(temporary, path);",
    to: "if (isReplaced) { await writeDurably(path, text, mode); await Deno.remove(temporary); }",
    tests: [`${unit}/system/atomic_file_test.ts`],
  },
  {
    name: "a token is scrubbed from its file although it cannot be read back from the store",
    file: "src/credentials/migrate.ts",
    from: 'if (credential?.kind === "pat" && credential.token.equals(finding.secret)) return;',
    to: 'if (credential?.kind === "pat" || credential === undefined) return;',
    tests: [`${unit}/credentials/migrate_test.ts`],
  },
  {
    name: "a moved login is removed without a look at what was written",
    file: "src/credentials/move_credentials.ts",
    from: "if (!(await to.get(account))?.equals(secret)) {",
    to: "if (false) {",
    tests: [`${unit}/credentials/move_credentials_test.ts`],
  },
  {
    name: "a signal ends a move between the copy and the removal",
    file: "src/credentials/move_credentials.ts",
    from: "return await needs.uninterrupted(async () => {",
    to: "return await (async (work: () => Promise<Outcome>) => await work())(async () => {",
    tests: [`${unit}/credentials/interrupted_keeping_test.ts`],
  },
  {
    name: "a signal ends the removal of secrets between the backup and the cut",
    file: "src/credentials/migrate.ts",
    from: `await needs.uninterrupted(() =>
      scrub(`,
    to: `await ((work: () => Promise<void>) => work())(() =>
      scrub(`,
    tests: [`${unit}/credentials/interrupted_keeping_test.ts`],
  },
  {
    name: "two at once change another tool's file",
    file: "src/credentials/migrate.ts",
    from: `const places = kept.flatMap((finding) => finding.places);
  using _lock = await needs.locks.take(lockName, lockLimit);`,
    to: "const places = kept.flatMap((finding) => finding.places);",
    tests: [`${unit}/credentials/migrate_test.ts`],
  },
  {
    name: "a redirect takes the token to another host",
    file: "src/credentials/api_request.ts",
    from: `  if (!isAt(api, url)) {
    return new FobError(`,
    to: `  if (false) {
    return new FobError(`,
    tests: [`${unit}/credentials/call_api_test.ts`, `${unit}/credentials/api_request_test.ts`],
  },
  {
    name: "a tool gets the token of a profile that is for another host",
    file: "src/credentials/answer_tool.ts",
    from: "return all.filter((it) => originAt(place, hostsOf(it, needs.platforms)) !== undefined);",
    to: "return all.filter(() => place !== undefined && needs.platforms !== undefined);",
    tests: [`${unit}/credentials/answer_tool_test.ts`],
  },
  {
    name: "a tool is answered for plain http to another computer",
    file: "src/protocols/target.ts",
    from: 'if (known === "http" && !isHere) return undefined;',
    to: "",
    tests: [`${unit}/protocols/target_test.ts`],
  },
  {
    name: "a secret prints itself",
    file: "src/secret.ts",
    from: `  toJSON(): string {
    return "[secret]";`,
    to: `  toJSON(): string {
    return this.#value;`,
    tests: [`${unit}/secret_test.ts`],
  },
  {
    name: "a large secret of Windows is read although a part of it is missing",
    file: "src/stores/credential_parts.ts",
    from: "return secret.length === manifest.length ? secret : undefined;",
    to: "return secret;",
    tests: [`${unit}/stores/credential_parts_test.ts`],
  },
  {
    name: "undoing a connection gives back a backup although others have changed the file since",
    file: "src/credentials/disconnect.ts",
    from: ": isWhole && digest === after && isBackupWhole",
    to: ": isBackupWhole",
    tests: [`${unit}/credentials/connect_test.ts`],
  },
  {
    name: "cargo gets a token of a host because an index is a repository there",
    file: "src/protocols/cargo.ts",
    from: "isOwnOnly: !isSparse(registry),",
    to: "isOwnOnly: false,",
    tests: [`${unit}/protocols/cargo_test.ts`],
  },
];
