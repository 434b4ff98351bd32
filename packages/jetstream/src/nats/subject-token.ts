/**
 * Writes any text as one token of a subject or key: base64url of its UTF-8, since dots, spaces, `*` and `>` have a
 * meaning there and names of runs hold anything. The empty text is "_".
 */
export function tokenFromText(text: string): string {
  return text === "" ? "_" : Buffer.from(text, "utf8").toString("base64url");
}

/** Reads what {@link tokenFromText} wrote. */
export function textFromToken(token: string): string {
  return token === "_" ? "" : Buffer.from(token, "base64url").toString("utf8");
}
