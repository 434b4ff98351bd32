import type { LineGrammar } from "../text/line-reading.ts";
import { hfDict } from "./hf-dict.ts";
import { buildNanogpt, llmcMain, llmcSteps } from "./llmc.ts";
import { nanogpt } from "./nanogpt.ts";
import { objectLine } from "./object-line.ts";

/** The grammars of text logs, the stricter before the looser; a line is read by the first that knows it. */
export const lineGrammars: readonly LineGrammar[] = [
  objectLine,
  hfDict,
  nanogpt,
  llmcMain,
  llmcSteps,
  buildNanogpt,
];
