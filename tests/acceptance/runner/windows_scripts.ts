/**
 * What a script needs that uses the Credential Manager of Windows. Under Wine each script has its own; on
 * a real Windows it is the person's, which no test may touch unless the machine is nobody's.
 */
export const ownKeychain = "credential-manager";

/** The scripts that do not run where fob runs on Windows, and why. */
export const leftOut: Readonly<Record<string, string>> = {
  "astro_login.txtar": "runs sh",
  "astro_token.txtar": "runs sh",
  "audit_databricks.txtar": "runs bash",
  "connect.txtar": "its paths are those of Unix, and it makes links",
  "connect_agents.txtar": "its fob on PATH is a file of sh",
  "databricks_01_08_token.txtar": "runs bash",
  "databricks_09_15_login.txtar": "runs bash",
  "databricks_16_discovery.txtar": "runs bash",
  "databricks_17_25_logout.txtar": "runs bash",
  "databricks_20_24_delete.txtar": "runs bash",
  "databricks_27_35_describe.txtar": "runs bash",
  "databricks_36_38_profiles.txtar": "runs bash",
  "databricks_39_configure.txtar": "runs bash",
  "databricks_40_host_metadata.txtar": "runs bash",
  "databricks_secrets.txtar": "runs sh",
  "databricks_storage.txtar": "about the modes of files, which Windows has not",
  "doctor_modes.txtar": "about the modes of files, which Windows has not",
  "doctor_plaintext.txtar": "its golden texts tell modes, and paths from HOME on",
  "exec.txtar": "runs sh",
  "lease.txtar": "runs sh",
  "exec_agents.txtar": "runs sh",
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
  "login_app.txtar": "nothing in it that knows the system",
  "logout_all.txtar": "many runs, and all that knows the system is in logout.txtar",
  "migrate_databricks.txtar": "many runs, of code that is the same as in migrate_gh.txtar",
  "profiles.txtar": "many runs, and nothing in them that knows the system",
};
