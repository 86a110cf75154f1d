/**
 * The version of fob. deno.json has the same one, and a test compares them: bundled, that file would be a
 * twentieth of what every command loads.
 */
export const version = "0.1.0";
