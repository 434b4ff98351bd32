/**
 * Translates a file pattern to a regular expression: `*` and `?` stay within a folder name, `**` crosses folders,
 * `[a-z]` and `{a,b}` choose. A leading `./` is dropped.
 */
export function globToRegExp(pattern: string): RegExp {
  const glob = pattern.replace(/^\.\//, "");
  let source = "";
  let depth = 0;
  for (let i = 0; i < glob.length; i++) {
    const c = glob[i]!;
    if (c === "*") {
      const crosses = glob[i + 1] === "*";
      if (crosses) i++;
      if (crosses && glob[i + 1] === "/") {
        i++;
        source += "(?:[^/]+/)*";
      } else source += crosses ? ".*" : "[^/]*";
    } else if (c === "?") source += "[^/]";
    else if (c === "[") {
      const close = glob.indexOf("]", i + 2);
      if (close < 0) source += "\\[";
      else {
        source += `[${glob
          .slice(i + 1, close)
          .replace(/^!/, "^")
          .replaceAll("\\", "\\\\")}]`;
        i = close;
      }
    } else if (c === "{") {
      depth++;
      source += "(?:";
    } else if (c === "}" && depth > 0) {
      depth--;
      source += ")";
    } else if (c === "," && depth > 0) source += "|";
    else source += c.replace(/[.+^$()|\\\]{}]/g, "\\$&");
  }
  return new RegExp(`^${source}${")".repeat(depth)}$`);
}
