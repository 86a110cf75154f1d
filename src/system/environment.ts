/** Reads environment variables. An empty variable counts as unset, as in the XDG specification. */
export interface Environment {
  get(name: string): string | undefined;
}

/** The environment of this process. */
export function systemEnvironment(): Environment {
  return { get: (name) => Deno.env.get(name) || undefined };
}
