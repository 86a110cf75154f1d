/** Where the programs of a reader come from. */
export interface Sources {
  readonly deno: string;
  readonly repository: string;
}

/** A program that needs a token of fob's, or the address and key of `fob exec --serve`. */
const needsToken = `#!/bin/sh
[ -n "$API_TOKEN$NPM_TOKEN$MY_TOKEN$AUTH_FILE$FOB_SERVE_KEY" ] || { echo "$0 has no token" >&2; exit 1; }
`;

/** A program with an SDK of Databricks, which runs the program in `DATABRICKS_CLI_PATH` for a token. */
const usesSdk = `${needsToken.replace("[ -n", '[ -n "$DATABRICKS_CLI_PATH" ] || [ -n')}
[ -z "$DATABRICKS_CLI_PATH" ] || "$DATABRICKS_CLI_PATH" auth token --profile lake | grep -q access_token
`;

/** A program that does nothing. */
const runs = "#!/bin/sh\nexit 0\n";

/** Programs that examples run beside fob, by their names. */
export function programs({ deno, repository }: Sources): Record<string, string> {
  return {
    // "git clone" gives this tree, and every other command is Git's.
    git: `#!/bin/sh\nif [ "$1" = clone ]; then exec ln -s '${repository}' "\${2##*/}"; fi\n` +
      `PATH=\${PATH#*:} exec git "$@"\n`,
    npx: `#!/bin/sh\n[ "$1 $2" = "--yes deno@2.9.6" ] && shift 2 && exec '${deno}' "$@"\n`,
    npm: needsToken,
    claude: runs,
    opencode: runs,
  };
}

/** The files of a reader's home, by their paths: what examples read, and what other tools have written. */
export function filesOfReader(clientSecret: string): Record<string, string> {
  return {
    "token.txt": "token-of-the-reader\n",
    "pat.txt": "dapi-of-ada\n",
    "secret.txt": `${clientSecret}\n`,
    "password.txt": "open sesame\n",
    "logo.png": "a picture",
    "deploy.sh": needsToken,
    "report.sh": usesSdk,
    "step.env": "",
    ".config/fish/completions/other.fish": "",
    ".config/gh/hosts.yml": "github.com:\n    user: ada\n    oauth_token: gho_of-the-reader\n",
  };
}
