import type { LineGrammar } from "../text/line-reading.ts";
import { bracketProgress } from "./bracket-progress.ts";
import { catboostText, lightgbm, xgboost } from "./boosting.ts";
import { caffe } from "./caffe.ts";
import { boxTable, columnTable } from "./console-tables.ts";
import { darknet } from "./darknet.ts";
import { deepspeed } from "./deepspeed.ts";
import { detectron2 } from "./detectron2.ts";
import { fairseq } from "./fairseq.ts";
import { hfDict } from "./hf-dict.ts";
import { hugectr } from "./hugectr.ts";
import { buildNanogpt, llmcMain, llmcSteps } from "./llmc.ts";
import { megatron } from "./megatron.ts";
import { mlperf } from "./mlperf.ts";
import { mmengine } from "./mmengine.ts";
import { moddedNanogpt } from "./modded-nanogpt.ts";
import { nanogpt } from "./nanogpt.ts";
import { objectLine } from "./object-line.ts";
import { olmo } from "./olmo.ts";
import { plainPairs } from "./plain-pairs.ts";
import { keras, tqdm } from "./progress-bars.ts";
import { torchtitan } from "./torchtitan.ts";

/** The grammars of text logs, the stricter before the looser; a line is read by the first that knows it. */
export const lineGrammars: readonly LineGrammar[] = [
  objectLine,
  mlperf,
  hfDict,
  megatron,
  nanogpt,
  llmcMain,
  llmcSteps,
  buildNanogpt,
  moddedNanogpt,
  torchtitan,
  olmo,
  detectron2,
  deepspeed,
  fairseq,
  mmengine,
  xgboost,
  lightgbm,
  catboostText,
  caffe,
  darknet,
  hugectr,
  boxTable,
  keras,
  tqdm,
  columnTable,
  bracketProgress,
  plainPairs,
];
