/**
 * What a script needs that uses the Credential Manager of Windows. Under Wine each script has its own; on
 * a real Windows it is the person's, which no test may touch unless the machine is nobody's.
 */
export const ownKeychain = "credential-manager";

/** The scripts that do not run where fob runs on Windows, and why. */
export const leftOut: Readonly<Record<string, string>> = {
  "astro_login.txtar": "runs sh",
  "astro_token.txtar": "runs sh",
  "doctor_modes.txtar": "about the modes of files, which Windows has not",
  "doctor_plaintext.txtar": "its golden texts tell modes, and paths from HOME on",
  "exec.txtar": "runs sh",
  "helper_docker.txtar": "gives fob another name by bash",
  "helper_git.txtar": "gives fob another name by bash",
  "helper_keyring.txtar": "runs sh",
  "helper_others.txtar": "gives fob another name by bash",
  "login_client.txtar": "runs sh",
  "machine_identity.txtar": "runs sh",
  "machine_secret.txtar": "runs sh",
};

/**
 * The scripts that are left to the workflow, which runs them on a real Windows, and why they are not run
 * under Wine with every other test.
 */
export const leftToTheWorkflow: Readonly<Record<string, string>> = {
  "api_environment.txtar": "many runs, and all that knows the system is in api.txtar",
  "api_hosts.txtar": "many runs, and all that knows the system is in api.txtar",
  "api_token.txtar": "many runs, and all that knows the system is in api.txtar",
  "bad_token_endpoint.txtar": "fob waits between its tries, whatever the system",
  "bad_token_endpoint_hangs.txtar": "fob waits for half a minute, whatever the system",
  "logout_all.txtar": "many runs, and all that knows the system is in logout.txtar",
  "migrate_databricks.txtar": "many runs, of code that is the same as in migrate_gh.txtar",
  "profiles.txtar": "many runs, and nothing in them that knows the system",
};
