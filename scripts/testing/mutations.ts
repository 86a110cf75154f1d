/** A change to one place of the tree that breaks a promise, and the test that is to notice. */
export interface Mutation {
  /** What the broken program does. */
  readonly name: string;
  readonly file: string;
  /** Stands in the file once. */
  readonly from: string;
  readonly to: string;
  /** The file of the test. */
  readonly test: string;
  /** The name of the test, in which an assertion has to fail. */
  readonly noticedBy: string;
  /** Whether that test runs the bundle. */
  readonly bundled?: true;
}

/** Of a refresh. */
const anyStep = "killed at any step of its write, the old or the new login is whole";

/** The lines of the core whose loss would hurt most. */
export const mutations: readonly Mutation[] = [
  {
    name: "a refresh takes no lock",
    file: "src/tokens/access_token.ts",
    from: "using lock = await needs.locks.take(account, refreshLockLimit);",
    to:
      'const lock = { read: async () => "", write: async (_text: string) => {}, [Symbol.dispose]() {} };',
    test: "tests/unit/tokens/access_token_refresh_test.ts",
    noticedBy:
      "near expiry the pair is refreshed under the lock, and kept before the lock is freed",
  },
  {
    name: "who gets the lock refreshes, whatever others did while it waited",
    file: "src/tokens/access_token.ts",
    from:
      "if (suffices(credential.tokens, wish, now) || isNew(credential.tokens, startedAt, now)) {",
    to: "if (false) {",
    test: "tests/unit/tokens/access_token_refresh_test.ts",
    noticedBy:
      "what another process refreshed while this one waited for the lock is used, and not spent",
  },
  {
    name: "a refresh token is spent before it is known that the store can be written",
    file: "src/tokens/access_token.ts",
    from: "await needs.store.assertWritable(account);",
    to: "",
    test: "tests/unit/tokens/access_token_refresh_test.ts",
    noticedBy: "a store that cannot be written spends nothing",
  },
  {
    name: "a rotated pair is handed out before it is kept",
    file: "src/tokens/refresh.ts",
    from: "await keepRotated(profile, { ...credential, tokens }, needs);",
    to: "void keepRotated(profile, { ...credential, tokens }, needs).catch(() => {});",
    test: "tests/unit/tokens/access_token_refresh_test.ts",
    noticedBy: "a pair that could not be kept is not handed out",
  },
  {
    name: "a login that is lost for its new pair could not be kept is told as a success",
    file: "src/tokens/access_token.ts",
    from: ' || facts["spent"] !== undefined;',
    to: " || facts === undefined;",
    test: "tests/unit/tokens/access_token_refresh_test.ts",
    noticedBy:
      "a login that is lost, for its new pair could not be kept, is told at once, though the old token is still valid",
  },
  {
    name: "a login is kept half when a signal comes",
    file: "src/credentials/login.ts",
    from: `await needs.uninterrupted(async () => {
    const takeBack`,
    to: `await (async (work: () => Promise<void>) => await work())(async () => {
    const takeBack`,
    test: "tests/unit/tokens/interrupted_keeping_test.ts",
    noticedBy: "SIGTERM between the profile and its login lets a login be kept",
  },
  {
    name: "what a credential was obtained for is not compared with the profile",
    file: "src/credentials/require_credential.ts",
    from: "if (isSame) return;",
    to: "if (isSame || true) return;",
    test: "tests/unit/tokens/access_token_test.ts",
    noticedBy: "a profile that points elsewhere since does not get the token of where it pointed",
  },
  {
    name: "the state of a callback is not compared",
    file: "src/oauth/grants/loopback_redirect.ts",
    from:
      "if (states.length === 1 && states[0] === this.#options.state && answered) return undefined;",
    to: "if (answered) return undefined;",
    test: "tests/unit/oauth/grants/loopback_redirect_test.ts",
    noticedBy: "a redirect without a path is as strict in all else",
  },
  {
    name: "a callback may come from another issuer",
    file: "src/oauth/grants/authorization_code.ts",
    from: "  requireSameIssuer(server, callback);",
    to: "",
    test: "tests/unit/oauth/grants/authorization_code_test.ts",
    noticedBy: "a callback from another issuer is refused before its code is spent",
  },
  {
    name: "the client's secret is pushed to a server over plain http",
    file: "src/oauth/metadata.ts",
    from: '  "pushed_authorization_request_endpoint",\n',
    to: "",
    test: "tests/unit/oauth/documented_server_test.ts",
    noticedBy: "a documented endpoint is held to what a discovered one is",
  },
  {
    name: "a page of another host may send the callback",
    file: "src/oauth/grants/loopback_redirect.ts",
    from:
      'if (request.headers.get("host") !== authority) return [403, "This address is for fob alone."];',
    to: "",
    test: "tests/unit/oauth/grants/loopback_redirect_test.ts",
    noticedBy: "stray and hostile requests are answered and change nothing",
  },
  {
    name: "a server without S256 is asked all the same",
    file: "src/oauth/grants/authorization_code.ts",
    from: 'if (methods === undefined || methods.includes("S256")) return;',
    to: "if (methods === undefined || methods.length > 0) return;",
    test: "tests/unit/oauth/grants/authorization_code_test.ts",
    noticedBy: "a server that lists PKCE methods without S256 is refused before a browser opens",
  },
  {
    name: "a locked keyring reads as not found",
    file: "src/stores/linux/secret_service.ts",
    from: `let [item] = await this.#ask(libsecret.find(attributesOf(account)));
    if (item?.locked) {`,
    to: `let [item] = await this.#ask(libsecret.find(attributesOf(account)));
    if (item?.locked) return undefined;
    if (item?.locked) {`,
    test: "tests/contract/five_answers_test.ts",
    noticedBy: "Secret Service: missing, locked, denied, cancelled and timed out are five answers",
  },
  {
    name: "any trouble with the keychain leads to the plaintext file",
    file: "src/stores/absence.ts",
    from: `return error instanceof FobError && error.code === "store_unavailable" &&
    proofs.has(error.facts["reason"] ?? "");`,
    to: "return error instanceof FobError;",
    test: "tests/unit/stores/fallback_store_test.ts",
    noticedBy: "a keychain that says store_locked is never passed by",
  },
  {
    name: "the file of secrets may have any mode",
    file: "src/stores/private_file.ts",
    from: "await Deno.chmod(path, 0o600);",
    to: "",
    test: "tests/contract/plaintext_file_test.ts",
    noticedBy: "plaintext file: wider modes are tightened, and people are told",
  },
  {
    name: "the directory of secrets may be a link",
    file: "src/system/files/private_directory.ts",
    from:
      'if (entry.isSymlink) throw new FobError("io_failed", `Refusing "${path}": it is a symbolic link`);',
    to: "if (entry.isSymlink) return;",
    test: "tests/unit/system/files/private_directory_test.ts",
    noticedBy: "a link and a file are refused in a directory's place",
  },
  {
    name: "a file is written in place, not beside and renamed",
    file: "src/system/files/atomic_file.ts",
    from: "if (isReplaced) await rename(temporary, path);",
    to: "if (isReplaced) { await Deno.writeTextFile(path, text); await Deno.remove(temporary); }",
    test: "tests/unit/system/files/atomic_file_test.ts",
    noticedBy: "who has opened the file reads the old text to its end",
  },
  {
    name: "a token is scrubbed from its file although it cannot be read back from the store",
    file: "src/migrate/migrate.ts",
    from: 'if (credential?.kind === "pat" && credential.token.equals(finding.secret)) return;',
    to: 'if (credential?.kind === "pat" || credential === undefined) return;',
    test: "tests/unit/migrate/migrate_test.ts",
    noticedBy: "a store that gives back something else is not trusted with the only copy",
  },
  {
    name: "a moved login is removed without a look at what was written",
    file: "src/credentials/move.ts",
    from: "if (!(await to.get(account))?.equals(secret)) {",
    to: "if (false) {",
    test: "tests/unit/credentials/move_test.ts",
    noticedBy:
      "a store that gives back something else than it was given is not trusted with the only copy",
  },
  {
    name: "a signal ends a move between the copy and the removal",
    file: "src/credentials/move.ts",
    from: "return await needs.uninterrupted(async () => {",
    to: "return await (async (work: () => Promise<Outcome>) => await work())(async () => {",
    test: "tests/unit/tokens/interrupted_keeping_test.ts",
    noticedBy: "SIGTERM between the copy and the removal lets a move end that login, and no other",
  },
  {
    name: "a signal ends the removal of secrets between the backup and the cut",
    file: "src/migrate/migrate.ts",
    from: "await needs.uninterrupted(() => scrub(",
    to: "await ((work: () => Promise<void>) => work())(() => scrub(",
    test: "tests/unit/tokens/interrupted_keeping_test.ts",
    noticedBy: "SIGTERM between the backup and the cut lets a removal of secrets end",
  },
  {
    name: "two at once change another tool's file",
    file: "src/migrate/migrate.ts",
    from: `const places = kept.flatMap((finding) => finding.places);
  using _lock = await needs.locks.take(ledgerLock, ledgerLockLimit);`,
    to: "const places = kept.flatMap((finding) => finding.places);",
    test: "tests/unit/migrate/migrate_test.ts",
    noticedBy: "another tool's file is changed under the lock of all who change such files",
  },
  {
    name: "a redirect takes the token to another host",
    file: "src/api/sender.ts",
    from: `  if (!isAt(api, url)) {
    return new FobError(`,
    to: `  if (false) {
    return new FobError(`,
    test: "tests/unit/api/call_test.ts",
    noticedBy: "a redirect elsewhere is shown, and then is a fault with the place",
  },
  {
    name: "a tool gets the token of a profile that is for another host",
    file: "src/helpers/get.ts",
    from: "return all.filter((it) => originAt(place, hostsOf(it, needs.platforms)) !== undefined);",
    to: "return all.filter(() => place !== undefined && needs.platforms !== undefined);",
    test: "tests/unit/helpers/get_test.ts",
    noticedBy:
      "a platform's tokens are for the hosts that it says, and for those of another server not",
  },
  {
    name: "a tool is answered for plain http to another computer",
    file: "src/protocols/target.ts",
    from: 'if (known === "http" && !isHere) return undefined;',
    to: "",
    test: "tests/unit/protocols/target_test.ts",
    noticedBy:
      "no credential goes over plain http, but to this computer, nor over what is not the web",
  },
  {
    name: "a secret prints itself",
    file: "src/secret.ts",
    from: `  toJSON(): string {
    return "[secret]";`,
    to: `  toJSON(): string {
    return this.#value;`,
    test: "tests/unit/secret_test.ts",
    noticedBy: "a secret prints itself nowhere",
  },
  {
    name: "a large secret of Windows is read although a part of it is missing",
    file: "src/stores/windows/parts.ts",
    from: "return secret.length === manifest.length ? secret : undefined;",
    to: "return secret;",
    test: "tests/unit/stores/windows/parts_test.ts",
    noticedBy:
      "a manifest with a part that is cut is corrupt, not a miss, and can be replaced or removed",
  },
  {
    name: "undoing a connection gives back a backup although others have changed the file since",
    file: "src/ledger/ledger.ts",
    from: ": touched.isWhole && isLast(digest, touched) && isBackupWhole",
    to: ": isBackupWhole",
    test: "tests/unit/connect/connect_test.ts",
    noticedBy: "where others have changed the file too, just what fob had set is taken out",
  },
  {
    name: "cargo gets a token of a host because an index is a repository there",
    file: "src/protocols/cargo.ts",
    from: "isStoredOnly: !isSparse(registry),",
    to: "isStoredOnly: false,",
    test: "tests/unit/protocols/cargo_test.ts",
    noticedBy:
      "an index that git fetches gets only what was given for it: its host is one of many's",
  },
  {
    name: "what is written is not on the disk when the file gets its name",
    file: "src/system/files/atomic_file.ts",
    from: "  await file.sync();\n",
    to: "",
    test: "tests/interop/login/refresh_kill_test.ts",
    noticedBy: `plaintext file: ${anyStep}`,
    bundled: true,
  },
  {
    name: "the new name of a file is not on the disk",
    file: "src/system/files/atomic_file.ts",
    from: "if (isReplaced) await syncDirectory(directory);",
    to: "void syncDirectory;",
    test: "tests/interop/login/refresh_kill_test.ts",
    noticedBy: `plaintext file: ${anyStep}`,
    bundled: true,
  },
  {
    name: "what a killed writer of the secrets left stays for a minute",
    file: "src/stores/private_file.ts",
    from: "      await sweepTemporary(path);\n",
    to: "      void sweepTemporary;\n",
    test: "tests/interop/login/refresh_kill_test.ts",
    noticedBy: `plaintext file: ${anyStep}`,
    bundled: true,
  },
  {
    name: "those who wait for the lock do not learn that the server is down",
    file: "src/tokens/refresh.ts",
    from: `await noteIfOut(error, lock, needs.clock);
    if (isSent`,
    to: "if (isSent",
    test: "tests/interop/login/refresh_storm_test.ts",
    noticedBy: "20 processes learn from one of them that the server is down",
    bundled: true,
  },
  {
    name: "a core dump holds a login of the keyring",
    file: "src/stores/linux/secret_service.ts",
    from: "if (!this.#isHidden) forbidDumps();",
    to: "void forbidDumps;",
    test: "tests/interop/login/core_dump_test.ts",
    noticedBy:
      "a fob that crashes while it holds a login of the keyring leaves no core dump, and says no secret",
    bundled: true,
  },
];
