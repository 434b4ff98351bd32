/** A TypeScript program in a page, and what the page says it prints. */
export interface CodeBlock {
  readonly code: string;
  /** 1-based line of the opening fence. */
  readonly line: number;
  /** The `text` block right behind the program, if there is one. */
  readonly prints?: string;
}

/** Lists the `ts` blocks of a Markdown page, each with the `text` block that directly follows it. */
export function codeBlocksFromMarkdown(markdown: string): CodeBlock[] {
  const fence = /^```(\w*)[^\n]*\n([\s\S]*?)^```[ \t]*$/gm;
  const fenced = [...markdown.matchAll(fence)].map((match) => ({
    language: match[1],
    body: match[2]!,
    start: match.index,
    end: match.index + match[0].length,
  }));
  return fenced.flatMap((block, i) => {
    if (block.language !== "ts") return [];
    const line = markdown.slice(0, block.start).split("\n").length;
    const next = fenced[i + 1];
    const follows = next?.language === "text" && markdown.slice(block.end, next.start).trim() === "";
    return [{ code: block.body, line, ...(follows ? { prints: next.body } : {}) }];
  });
}
