/** A change to one place of the source that breaks an invariant, and the test that must fail. */
export interface Mutation {
  /** What the broken program does, or does not do. */
  readonly name: string;
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly from: string;
  readonly to: string;
  /** The file of the test. */
  readonly test: string;
  /** The name of the test, in which an assertion must fail. */
  readonly noticedBy: string;
  /** Whether that test runs the bundle. */
  readonly bundled?: true;
}

/** The name of a test of refreshes, without its store. */
const anyStep = "a kill at any step of the write leaves the old or the new login";

/** Mutations of the most important lines of the core. */
export const mutations: readonly Mutation[] = [
  {
    name: "a refresh takes no lock",
    file: "src/tokens/access_token.ts",
    from: "using lock = await needs.locks.take(account, credentialLockLimit);",
    to:
      'const lock = { read: async () => "", write: async (_text: string) => {}, [Symbol.dispose]() {} };',
    test: "tests/unit/tokens/access_token_refresh_test.ts",
    noticedBy: "near expiry, the tokens are refreshed and stored under the lock",
  },
  {
    name: "a process that waited for the lock refreshes a token that is already fresh",
    file: "src/tokens/access_token.ts",
    from:
      "if (suffices(credential.tokens, request, now) || isNew(credential.tokens, startedAt, now)) {",
    to: "if (false) {",
    test: "tests/unit/tokens/access_token_refresh_test.ts",
    noticedBy: "a token that another process refreshed during the wait for the lock is used",
  },
  {
    name: "a refresh token is spent before the store is known to be writable",
    file: "src/tokens/access_token.ts",
    from: "await needs.store.assertWritable(account);",
    to: "",
    test: "tests/unit/tokens/access_token_refresh_test.ts",
    noticedBy: "no refresh token is sent if the store cannot be written",
  },
  {
    name: "a rotated token is returned before it is stored",
    file: "src/tokens/refresh.ts",
    from: "await keepRotated(profile, { ...credential, tokens }, needs);",
    to: "void keepRotated(profile, { ...credential, tokens }, needs).catch(() => {});",
    test: "tests/unit/tokens/access_token_refresh_test.ts",
    noticedBy: "tokens that could not be stored are not returned",
  },
  {
    name: "a refresh reports success although the new token could not be stored",
    file: "src/tokens/access_token.ts",
    from: ' || facts["spent"] !== undefined;',
    to: " || facts === undefined;",
    test: "tests/unit/tokens/access_token_refresh_test.ts",
    noticedBy:
      "a login that was lost because its new tokens could not be stored is an error at once",
  },
  {
    name: "a signal interrupts a sign-in between the profile and its credential",
    file: "src/credentials/login.ts",
    from: `await needs.uninterrupted(async () => {
    const restore`,
    to: `await (async (work: () => Promise<void>) => await work())(async () => {
    const restore`,
    test: "tests/unit/tokens/interrupted_keeping_test.ts",
    noticedBy: "SIGTERM between the profile and its credential lets a sign-in store both",
  },
  {
    name: "the issuer and host of a credential are not compared with the profile",
    file: "src/credentials/require_credential.ts",
    from: "if (isSame) return;",
    to: "if (isSame || true) return;",
    test: "tests/unit/tokens/access_token_test.ts",
    noticedBy: "a profile with a changed host or issuer does not get the old token",
  },
  {
    name: "the state of a callback is not checked",
    file: "src/oauth/grants/loopback_redirect.ts",
    from:
      "if (states.length === 1 && states[0] === this.#options.state && answered) return undefined;",
    to: "if (answered) return undefined;",
    test: "tests/unit/oauth/grants/loopback_redirect_test.ts",
    noticedBy: "a redirect URI without a path checks everything else",
  },
  {
    name: "a callback from another issuer is accepted",
    file: "src/oauth/grants/authorization_code.ts",
    from: "  requireSameIssuer(server, callback);",
    to: "",
    test: "tests/unit/oauth/grants/authorization_code_test.ts",
    noticedBy: "a callback from another issuer is refused before its code is redeemed",
  },
  {
    name: "the client secret is sent to a server over plain HTTP",
    file: "src/oauth/metadata.ts",
    from: '  "pushed_authorization_request_endpoint",\n',
    to: "",
    test: "tests/unit/oauth/documented_server_test.ts",
    noticedBy: "a documented endpoint gets the same checks as a discovered one",
  },
  {
    name: "a callback with another Host header is accepted",
    file: "src/oauth/grants/loopback_redirect.ts",
    from:
      'if (request.headers.get("host") !== authority) return [403, "This port is for fob only."];',
    to: "",
    test: "tests/unit/oauth/grants/loopback_redirect_test.ts",
    noticedBy: "unexpected and hostile requests get an error and change nothing",
  },
  {
    name: "a server without PKCE method S256 is used",
    file: "src/oauth/grants/authorization_code.ts",
    from: 'if (methods === undefined || methods.includes("S256")) return;',
    to: "if (methods === undefined || methods.length > 0) return;",
    test: "tests/unit/oauth/grants/authorization_code_test.ts",
    noticedBy: "a server that lists PKCE methods without S256 is refused before a browser opens",
  },
  {
    name: "a locked keyring is reported as not found",
    file: "src/stores/linux/secret_service.ts",
    from: `let [item] = await this.#ask(libsecret.find(attributesOf(account)));
    if (item?.locked) {`,
    to: `let [item] = await this.#ask(libsecret.find(attributesOf(account)));
    if (item?.locked) return undefined;
    if (item?.locked) {`,
    test: "tests/contract/five_answers_test.ts",
    noticedBy: "Secret Service: missing, locked, denied, cancelled and timed out give five results",
  },
  {
    name: "any keychain error falls back to the plaintext file",
    file: "src/stores/absence.ts",
    from: `return error instanceof FobError && error.code === "store_unavailable" &&
    isAbsence(error.facts["reason"]);`,
    to: "return error instanceof FobError;",
    test: "tests/unit/stores/fallback_store_test.ts",
    noticedBy: "a keychain error store_locked never leads to the file",
  },
  {
    name: "the mode of the plaintext file is not tightened",
    file: "src/stores/private_file.ts",
    from: "await Deno.chmod(path, 0o600);",
    to: "",
    test: "tests/contract/plaintext_file_test.ts",
    noticedBy: "plaintext file: wider modes are tightened with a notice",
  },
  {
    name: "the directory of the plaintext file may be a symbolic link",
    file: "src/system/files/private_directory.ts",
    from: "if (entry.isSymlink) {",
    to: "if (entry.isSymlink) {\n    return;",
    test: "tests/unit/system/files/private_directory_test.ts",
    noticedBy: "a link or a file instead of the directory is rejected",
  },
  {
    name: "a file is written in place instead of renamed into place",
    file: "src/system/files/atomic_file.ts",
    from: "if (isReplaced) await rename(temporary, path);",
    to: "if (isReplaced) { await Deno.writeTextFile(path, text); await Deno.remove(temporary); }",
    test: "tests/unit/system/files/atomic_file_test.ts",
    noticedBy: "an open file keeps its old text",
  },
  {
    name: "a token is removed from its file although it cannot be read back from the store",
    file: "src/migrate/migrate.ts",
    from: 'if (credential?.kind === "pat" && credential.token.equals(finding.secret)) return;',
    to: 'if (credential?.kind === "pat" || credential === undefined) return;',
    test: "tests/unit/migrate/migrate_test.ts",
    noticedBy: "a secret that reads back differently from the store is not removed from its file",
  },
  {
    name: "a moved login is deleted without reading back the copy",
    file: "src/credentials/move.ts",
    from: "if (!(await to.get(account))?.equals(secret)) {",
    to: "if (false) {",
    test: "tests/unit/credentials/move_test.ts",
    noticedBy: "the only copy is not deleted if the other store reads back another value",
  },
  {
    name: "a signal interrupts a move between the copy and the deletion",
    file: "src/credentials/move.ts",
    from: "return await needs.uninterrupted(async () => {",
    to: "return await (async (work: () => Promise<Outcome>) => await work())(async () => {",
    test: "tests/unit/tokens/interrupted_keeping_test.ts",
    noticedBy: "SIGTERM between copy and deletion stops a move after that login",
  },
  {
    name: "a signal interrupts the removal of secrets after the backup",
    file: "src/migrate/migrate.ts",
    from: "await needs.uninterrupted(() => scrub(",
    to: "await ((work: () => Promise<void>) => work())(() => scrub(",
    test: "tests/unit/tokens/interrupted_keeping_test.ts",
    noticedBy: "SIGTERM between backup and deletion lets a removal of secrets finish",
  },
  {
    name: "two processes change another tool's file at the same time",
    file: "src/migrate/migrate.ts",
    from: `const places = kept.flatMap((finding) => finding.places);
  using _lock = await needs.locks.take(ledgerLock, ledgerLockLimit);`,
    to: "const places = kept.flatMap((finding) => finding.places);",
    test: "tests/unit/migrate/migrate_test.ts",
    noticedBy: "another tool's file is changed under the lock of the ledger",
  },
  {
    name: "a redirect sends the token to another host",
    file: "src/api/sender.ts",
    from: `  if (!isAt(api, url)) {
    return new FobError(`,
    to: `  if (false) {
    return new FobError(`,
    test: "tests/unit/api/call_test.ts",
    noticedBy: "a redirect to another origin is written, then is an error with its target",
  },
  {
    name: "a helper returns the token of a profile for another host",
    file: "src/helpers/get.ts",
    from: "return all.filter((it) => originAt(place, hostsOf(it, needs.platforms)) !== undefined);",
    to: "return all.filter(() => place !== undefined && needs.platforms !== undefined);",
    test: "tests/unit/helpers/get_test.ts",
    noticedBy: "a platform's tokens are only for the hosts of that platform",
  },
  {
    name: "a helper returns a credential for plain HTTP to another computer",
    file: "src/protocols/target.ts",
    from: 'if (known === "http" && !isHere) return undefined;',
    to: "",
    test: "tests/unit/protocols/target_test.ts",
    noticedBy:
      "a target over plain http to another computer, or with another scheme, gets no credential",
  },
  {
    name: "JSON.stringify reveals a secret",
    file: "src/secret.ts",
    from: `  toJSON(): string {
    return "[secret]";`,
    to: `  toJSON(): string {
    return this.#value;`,
    test: "tests/unit/secret_test.ts",
    noticedBy: "a secret never prints its value",
  },
  {
    name: "a large Windows credential is read although a part is missing",
    file: "src/stores/windows/parts.ts",
    from: "return secret.length === manifest.length ? secret : undefined;",
    to: "return secret;",
    test: "tests/unit/stores/windows/parts_test.ts",
    noticedBy:
      "a manifest with a truncated part is corrupt, not missing, and can be replaced or removed",
  },
  {
    name: "undoing a connection restores the backup although the file has changed since",
    file: "src/ledger/ledger.ts",
    from: ": touched.isWhole && isLast(digest, touched) && isBackupWhole",
    to: ": isBackupWhole",
    test: "tests/unit/connect/connect_test.ts",
    noticedBy: "if another program has changed the file too, undo removes only fob's settings",
  },
  {
    name: "cargo gets the token of a host that its index repository is on",
    file: "src/protocols/cargo.ts",
    from: "isStoredOnly: !isSparse(registry),",
    to: "isStoredOnly: false,",
    test: "tests/unit/protocols/cargo_test.ts",
    noticedBy: "cargo helper returns only a stored token for a git index",
  },
  {
    name: "a file is renamed into place before its content is synced",
    file: "src/system/files/atomic_file.ts",
    from: "  await file.sync();\n",
    to: "",
    test: "tests/interop/login/refresh_kill_test.ts",
    noticedBy: `plaintext file: ${anyStep}`,
    bundled: true,
  },
  {
    name: "the directory is not synced after a rename",
    file: "src/system/files/atomic_file.ts",
    from: "if (isReplaced) await syncDirectory(directory);",
    to: "void syncDirectory;",
    test: "tests/interop/login/refresh_kill_test.ts",
    noticedBy: `plaintext file: ${anyStep}`,
    bundled: true,
  },
  {
    name: "temporary files of a killed writer of the plaintext file stay for a minute",
    file: "src/stores/private_file.ts",
    from: "      await sweepTemporary(path);\n",
    to: "      void sweepTemporary;\n",
    test: "tests/interop/login/refresh_kill_test.ts",
    noticedBy: `plaintext file: ${anyStep}`,
    bundled: true,
  },
  {
    name: "waiting processes are not informed that the server is down",
    file: "src/tokens/refresh.ts",
    from: `await noteIfOut(error, lock, needs.clock);
    if (isSent`,
    to: "if (isSent",
    test: "tests/interop/login/refresh_storm_test.ts",
    noticedBy: "20 processes share the report of one that the server is down",
    bundled: true,
  },
  {
    name: "a core dump contains a login of the keyring",
    file: "src/stores/linux/secret_service.ts",
    from: "if (!this.#isHidden) forbidDumps();",
    to: "void forbidDumps;",
    test: "tests/interop/login/core_dump_test.ts",
    noticedBy:
      "a crash of fob with a login of the keyring in memory leaves no core dump and no secret in the output",
    bundled: true,
  },
];
