/** How answers, notices and errors are told. */
export type OutputForm = "text" | "json";

/** What `argv` asks for, also where the parser would not get to the option. */
export function outputForm(argv: readonly string[]): OutputForm {
  const isJson = argv.some((word, i) =>
    /^(--output=|-o)json$/.test(word) ||
    (word === "json" && /^(--output|-o)$/.test(argv[i - 1] ?? ""))
  );
  return isJson ? "json" : "text";
}
