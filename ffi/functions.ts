type Definitions = Readonly<Record<string, Deno.ForeignFunction>>;

/** Functions of a C library, by name. */
export type Functions<T extends Definitions> = {
  readonly [Name in keyof T]: Deno.UnsafeFnPointer<T[Name]>["call"];
};

/**
 * The functions of `library` in `definitions`, called by address. With signatures, `Deno.dlopen` would compile
 * each function in 0.1 ms, which pays off after thousands of calls; a token needs about a dozen.
 *
 * Throws the error of `Deno.dlopen` if the library or a function is missing.
 */
export function openFunctions<const T extends Definitions>(
  library: string,
  definitions: T,
): Functions<T> {
  const names = Object.keys(definitions);
  const addresses = Object.fromEntries(names.map((name) => [name, { type: "pointer" } as const]));
  const { symbols } = Deno.dlopen(library, addresses);
  const bound = Object.entries(definitions).map(([name, definition]) => {
    const pointer = new Deno.UnsafeFnPointer(
      symbols[name] as Deno.PointerObject<typeof definition>,
      definition,
    );
    return [name, pointer.call.bind(pointer)];
  });
  return Object.fromEntries(bound) as Functions<T>;
}
