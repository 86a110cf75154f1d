/** A sign-out after a move that was killed before it changed the storage mode. */
import assert from "node:assert/strict";
import { encode } from "../../../src/credentials/envelope.ts";
import { Secret } from "../../../src/secret.ts";
import { NotedKeychain } from "../../../src/stores/noted_keychain.ts";
import { PlaintextFileStore } from "../../../src/stores/plaintext_file.ts";
import type { SecretStore } from "../../../src/stores/secret_store.ts";
import { systemClock } from "../../../src/system/clock.ts";
import { missingRigs } from "../../rigs/rigs.ts";
import { type LoginHome, openLoginHome } from "./login_home.ts";

const account = "token:t";
const notice = (): void => {};
const secretOf = (token: string): Secret =>
  encode({ kind: "pat", token: new Secret(token), obtainedAt: 0 });

/** The keychain and the plaintext file of `home`, with the storage mode `mode`. */
async function storesOf(
  home: LoginHome,
  mode: "secure" | "plaintext",
): Promise<{ used: SecretStore; unused: SecretStore }> {
  const text = `[__settings__]\nauth_storage = ${mode}\n\n[t]\nprovider = token\n`;
  await Deno.writeTextFile(home.configFile, text);
  const keychain = new NotedKeychain({
    keychain: home.store,
    directory: `${home.state}/keychain`,
    notice,
  });
  const path = `${home.state}/credentials.json`;
  const file = new PlaintextFileStore({ path, clock: systemClock(), notice });
  return mode === "secure" ? { used: keychain, unused: file } : { used: file, unused: keychain };
}

Deno.test({
  name: "a sign-out removes the copy of an interrupted move, and no other login",
  ignore: (await missingRigs()).includes("keyring"),
  fn: async () => {
    await using home = await openLoginHome("Secret Service");
    for (const mode of ["secure", "plaintext"] as const) {
      const { used, unused } = await storesOf(home, mode);
      for (const [there, stays] of [["same", false], ["another", true]] as const) {
        await used.set(account, secretOf("same"));
        await unused.set(account, secretOf(there));
        const { code, stderr } = await home.run(["auth", "logout", "t"]);
        assert.equal(code, 0, stderr);
        assert.equal(await used.get(account), undefined, mode);
        assert.equal(await unused.get(account) !== undefined, stays, `${mode}, ${there}`);
        await unused.delete(account);
      }
    }
  },
});
