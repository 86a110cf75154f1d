/**
 * Every environment variable that fob or its runtime reads, with what it does. `fob help environment`, the
 * manual pages and `fob doctor` are made from this table, and a test compares it with the source.
 */
export interface Variable {
  readonly name: string;
  /** What it does, as help prints it: no capital, no full stop. */
  readonly about: string;
}

/** The variables by what they are for, in the order of the help text. */
export const variableGroups = {
  "Which login is used": [
    { name: "API_TOKEN", about: "token to use instead of a stored login" },
    { name: "API_HOST", about: "host that API_TOKEN is for" },
    { name: "FOB_PROFILE", about: "profile to use if none is named" },
    { name: "GH_TOKEN", about: "token for GitHub, used instead of a stored login" },
    { name: "GITHUB_TOKEN", about: "the same, read after GH_TOKEN" },
    { name: "GITLAB_TOKEN", about: "token for GitLab, used instead of a stored login" },
    { name: "GITLAB_HOST", about: "host that GITLAB_TOKEN is for" },
    { name: "ASTRO_API_TOKEN", about: "token for Astro, used instead of a stored login" },
    { name: "ASTRO_DOMAIN", about: "Astro domain that a token in the environment is for" },
    { name: "ASTRONOMER_KEY_ID", about: "ID of an Astro API key, used without ASTRO_API_TOKEN" },
    { name: "ASTRONOMER_KEY_SECRET", about: "secret of that key" },
    { name: "DATABRICKS_TOKEN", about: "token for Databricks, used instead of a stored login" },
    { name: "DATABRICKS_HOST", about: "Databricks host of the credentials in the environment" },
    { name: "DATABRICKS_CONFIG_PROFILE", about: "Databricks profile to use if none is named" },
  ],
  "Where things are stored": [
    { name: "FOB_CONFIG_FILE", about: "profile file (default: fob/config.ini in XDG_CONFIG_HOME)" },
    { name: "FOB_AUTH_STORAGE", about: "secure (the keychain, default) or plaintext" },
    { name: "FOB_NO_PLAINTEXT", about: "1: never store a credential in plaintext" },
    { name: "FOB_AUDIT_LOG", about: "1: log every token that is handed out (overrides audit_log)" },
    { name: "XDG_CONFIG_HOME", about: "directory of the profile file (default: ~/.config)" },
    {
      name: "XDG_STATE_HOME",
      about: "directory of locks and credentials.json (default: ~/.local/state)",
    },
    { name: "XDG_RUNTIME_DIR", about: "directory of locks if the home directory is read-only" },
    { name: "APPDATA", about: "on Windows, directory of the profile file" },
    { name: "LOCALAPPDATA", about: "on Windows, directory of locks and credentials.json" },
    { name: "HOME", about: "home directory (USERPROFILE on Windows)" },
    { name: "USERPROFILE", about: "home directory on Windows" },
    { name: "DBUS_SESSION_BUS_ADDRESS", about: "D-Bus session bus of the Linux keyring" },
  ],
  "Terminal and browser": [
    { name: "BROWSER", about: "command that opens an address; none opens nothing" },
    { name: "CI", about: "if set, fob never prompts" },
    { name: "NO_COLOR", about: "no colors" },
    { name: "FORCE_COLOR", about: "colors even if the output is not a terminal" },
    { name: "CLICOLOR", about: "0: no colors" },
    { name: "CLICOLOR_FORCE", about: "the same as FORCE_COLOR" },
    { name: "TERM", about: "dumb: no colors and no cursor movement" },
    { name: "COLUMNS", about: "width of the terminal" },
    { name: "SHELL", about: "shell that auth env writes for (default of --shell)" },
    { name: "DISPLAY", about: "X11 display; without one, no browser is opened on Linux" },
    { name: "WAYLAND_DISPLAY", about: "the same for Wayland" },
    { name: "SSH_CONNECTION", about: "set in an SSH session, where fob offers a device code" },
    { name: "SSH_TTY", about: "the same" },
    { name: "WSL_DISTRO_NAME", about: "set in WSL, where the browser of Windows is opened" },
    { name: "PATH", about: "where fob looks for other programs" },
    { name: "PATHEXT", about: "endings of programs on Windows" },
    { name: "SystemRoot", about: "directory of Windows" },
  ],
  "Network": [
    { name: "HTTPS_PROXY", about: "proxy for HTTPS requests" },
    { name: "HTTP_PROXY", about: "proxy for HTTP requests" },
    { name: "NO_PROXY", about: "hosts to reach without a proxy" },
    { name: "DENO_CERT", about: "file with further certificate authorities to trust" },
    { name: "NODE_EXTRA_CA_CERTS", about: "the same" },
  ],
  "Workload identity in CI": [
    { name: "GITHUB_ACTIONS", about: "set by GitHub Actions" },
    { name: "ACTIONS_ID_TOKEN_REQUEST_URL", about: "where GitHub Actions issues an ID token" },
    { name: "ACTIONS_ID_TOKEN_REQUEST_TOKEN", about: "token for that request" },
    { name: "GITHUB_ENV", about: "file that auth env --shell github writes to" },
    { name: "GITLAB_CI", about: "set by GitLab CI" },
    { name: "TF_BUILD", about: "set by Azure Pipelines" },
    { name: "SYSTEM_ACCESSTOKEN", about: "token by which Azure Pipelines issues an ID token" },
    { name: "SYSTEM_TEAMFOUNDATIONCOLLECTIONURI", about: "Azure DevOps organization of the job" },
    { name: "SYSTEM_TEAMPROJECTID", about: "project of the job" },
    { name: "SYSTEM_HOSTTYPE", about: "kind of the job: build, release" },
    { name: "SYSTEM_PLANID", about: "plan of the job" },
    { name: "SYSTEM_JOBID", about: "the job" },
  ],
  "Databricks": [
    {
      name: "DATABRICKS_CONFIG_FILE",
      about: "profile file of Databricks (default: ~/.databrickscfg)",
    },
    {
      name: "DATABRICKS_AUTH_STORAGE",
      about: "where Databricks logins are stored, if fob has no setting",
    },
    { name: "DATABRICKS_AUTH_TYPE", about: "how to sign in: pat, oauth-m2m, github-oidc, ..." },
    { name: "DATABRICKS_ACCOUNT_ID", about: "account ID" },
    { name: "DATABRICKS_WORKSPACE_ID", about: "workspace ID" },
    { name: "DATABRICKS_CLIENT_ID", about: "client ID of a service principal" },
    { name: "DATABRICKS_CLIENT_SECRET", about: "client secret of a service principal" },
    {
      name: "DATABRICKS_USERNAME",
      about: "user name of basic authentication, which fob does not serve",
    },
    {
      name: "DATABRICKS_PASSWORD",
      about: "password of basic authentication, which fob does not serve",
    },
    { name: "DATABRICKS_OIDC_TOKEN", about: "ID token to exchange" },
    { name: "DATABRICKS_OIDC_TOKEN_ENV", about: "name of the variable that holds the ID token" },
    { name: "DATABRICKS_OIDC_TOKEN_FILEPATH", about: "file that holds the ID token" },
    { name: "DATABRICKS_OIDC_TOKEN_FILE", about: "the same" },
    { name: "DATABRICKS_TOKEN_AUDIENCE", about: "audience of the ID token" },
    { name: "DATABRICKS_APP_NAME", about: "set in a Databricks app" },
    { name: "DATABRICKS_CLI_PATH", about: "program that SDKs run for a token" },
    {
      name: "DATABRICKS_DISCOVERY_HOST",
      about: "login page to start at (default: login.databricks.com)",
    },
    { name: "DATABRICKS_OUTPUT_FORMAT", about: "text or json, for fob under the name databricks" },
  ],
  "Files of other tools": [
    { name: "ASTRO_HOME", about: "home of astro, to migrate from" },
    { name: "CARGO_HOME", about: "directory of cargo (default: ~/.cargo)" },
    { name: "CLAUDE_CONFIG_DIR", about: "directory of Claude Code (default: ~/.claude)" },
    { name: "CODEX_HOME", about: "directory of Codex (default: ~/.codex)" },
    { name: "COPILOT_PROVIDER_MODEL_ID", about: "model of Copilot CLI" },
    { name: "CRUSH_GLOBAL_CONFIG", about: "directory of Crush" },
    { name: "DOCKER_CONFIG", about: "directory of docker (default: ~/.docker)" },
    { name: "GEMINI_CLI_HOME", about: "directory of Gemini CLI (default: ~)" },
    { name: "GH_CONFIG_DIR", about: "directory of gh" },
    { name: "GIT_CONFIG_GLOBAL", about: "global configuration file of git" },
    { name: "KUBECONFIG", about: "configuration files of kubectl (default: ~/.kube/config)" },
    { name: "KUBERNETES_EXEC_INFO", about: "cluster that kubectl asks for" },
    { name: "NETRC", about: "file that doctor looks at (default: ~/.netrc)" },
    { name: "NPM_CONFIG_USERCONFIG", about: "configuration file of npm (default: ~/.npmrc)" },
    { name: "OPENCODE_CONFIG_CONTENT", about: "settings of OpenCode" },
    { name: "PI_CODING_AGENT_DIR", about: "directory of Pi" },
    { name: "TERRAFORM_CONFIG", about: "the same as TF_CLI_CONFIG_FILE" },
    {
      name: "TF_CLI_CONFIG_FILE",
      about: "configuration file of terraform (default: ~/.terraformrc)",
    },
    { name: "XDG_DATA_HOME", about: "where a package manager may have installed fob" },
  ],
} as const satisfies Readonly<Record<string, readonly Variable[]>>;

/** The name of a variable of the table. */
export type VariableName = (typeof variableGroups)[keyof typeof variableGroups][number]["name"];
