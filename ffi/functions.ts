type Definitions = Readonly<Record<string, Deno.ForeignFunction>>;

/** Functions of a C library, by name. */
export type Functions<T extends Definitions> = {
  readonly [Name in keyof T]: Deno.UnsafeFnPointer<T[Name]>["call"];
};

/**
 * The functions of `library` that `definitions` describe, bound by their addresses. Given their signatures,
 * `Deno.dlopen` makes machine code for each, a tenth of a millisecond that pays after thousands of calls: a token
 * takes a dozen.
 *
 * Throws what `Deno.dlopen` throws where the library or one of the functions is not there.
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
