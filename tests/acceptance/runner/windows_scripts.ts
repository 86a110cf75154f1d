/**
 * The need of scripts that use the Credential Manager of Windows. Under Wine, each script has its own.
 * On a real Windows it is the user's, which tests may only change on a throwaway machine.
 */
export const ownKeychain = "credential-manager";

/** Scripts that are skipped on Windows, and the reason. */
export const leftOut: Readonly<Record<string, string>> = {
  "astro_login.txtar": "runs sh",
  "astro_token.txtar": "runs sh",
  "audit_databricks.txtar": "runs bash",
  "connect.txtar": "uses Unix paths and symbolic links",
  "connect_agents.txtar": "its fob on PATH is a shell script",
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
  "databricks_storage.txtar": "tests file modes, which Windows does not have",
  "doctor_modes.txtar": "tests file modes, which Windows does not have",
  "doctor_plaintext.txtar": "its golden texts contain file modes and paths relative to HOME",
  "exec.txtar": "runs sh",
  "lease.txtar": "runs sh",
  "exec_agents.txtar": "runs sh",
  "helper_docker.txtar": "uses bash to run fob under another name",
  "helper_git.txtar": "uses bash to run fob under another name",
  "helper_keyring.txtar": "runs sh",
  "helper_others.txtar": "uses bash to run fob under another name",
  "login_client.txtar": "runs sh",
  "workload_identity.txtar": "runs sh",
  "workload_secret.txtar": "runs sh",
};

/**
 * Scripts that are skipped under Wine, and the reason. The CI workflow runs them on a real Windows.
 */
export const leftToTheWorkflow: Readonly<Record<string, string>> = {
  "api_environment.txtar": "many runs; api.txtar covers the system-specific code",
  "api_hosts.txtar": "many runs; api.txtar covers the system-specific code",
  "api_token.txtar": "many runs; api.txtar covers the system-specific code",
  "bad_token_endpoint.txtar": "slow: fob waits between retries; not system-specific",
  "bad_token_endpoint_hangs.txtar": "slow: fob waits for 30 s; not system-specific",
  "login_app.txtar": "not system-specific",
  "logout_all.txtar": "many runs; logout.txtar covers the system-specific code",
  "migrate_databricks.txtar": "many runs; migrate_gh.txtar covers the same code",
  "profiles.txtar": "many runs; not system-specific",
};
