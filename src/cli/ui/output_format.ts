/** The format of answers, notices and errors. */
export type OutputForm = "text" | "json";

/** The format that `argv` sets, even if the parser fails before it reads the option. */
export function outputForm(argv: readonly string[]): OutputForm {
  const isJson = argv.some((word, i) =>
    /^(--output=|-o)json$/.test(word) ||
    (word === "json" && /^(--output|-o)$/.test(argv[i - 1] ?? ""))
  );
  return isJson ? "json" : "text";
}
