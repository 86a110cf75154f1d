import { shownName } from "../text/address.ts";
import { pathIn } from "../text/home.ts";
import type { PlaintextScanner } from "./plaintext_scanner.ts";

/** npm's user configuration, npmrc(5): a token or a password per registry. */
export const npm: PlaintextScanner = {
  tool: "npm",
  paths: (environment) => [
    pathIn(["npm_config_userconfig", "NPM_CONFIG_USERCONFIG"], "~/.npmrc", environment),
  ],
  find: (text) => text.split(/\r?\n/).map(keyOfSecret).filter((key) => key !== undefined),
};

/** The key of a line with a secret value. `${NAME}` is a reference to a variable, not a secret. */
function keyOfSecret(line: string): string | undefined {
  const equals = line.indexOf("=");
  if (equals < 0 || /^\s*[;#]/.test(line)) return undefined;
  const [key, value] = [unquoted(line.slice(0, equals)), unquoted(line.slice(equals + 1))];
  const isSecret = /(^|:)(_authToken|_auth|_password)$/.test(key);
  return isSecret && value !== "" && !/^\$\{[^{}]*\}$/.test(value) ? shownName(key) : undefined;
}

function unquoted(text: string): string {
  return text.trim().replace(/^(["'])(.*)\1$/, "$2");
}
