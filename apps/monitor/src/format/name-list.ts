/** Writes names as a sentence lists them: `a`, `a or b`, `a, b or c`. */
export function formatNameList(names: readonly string[], join: "or" | "and" = "or"): string {
  if (names.length < 2) return names.join("");
  return `${names.slice(0, -1).join(", ")} ${join} ${names.at(-1)!}`;
}
