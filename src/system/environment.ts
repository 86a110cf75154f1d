/** Reads environment variables. A variable that is set but empty counts as absent, as XDG says of its own. */
export interface Environment {
  get(name: string): string | undefined;
}

/** The environment of this process. */
export function systemEnvironment(): Environment {
  return { get: (name) => Deno.env.get(name) || undefined };
}
