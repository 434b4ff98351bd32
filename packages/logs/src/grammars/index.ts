import type { LineGrammar } from "../text/line-reading.ts";
import { bracketProgress } from "./bracket-progress.ts";
import { catboostText, lightgbm, xgboost } from "./boosting.ts";
import { caffe } from "./caffe.ts";
import { catalyst } from "./catalyst.ts";
import { clu } from "./clu.ts";
import { composer } from "./composer.ts";
import { boxTable, columnTable } from "./console-tables.ts";
import { coqui } from "./coqui.ts";
import { darknet } from "./darknet.ts";
import { deepspeed } from "./deepspeed.ts";
import { detectron2 } from "./detectron2.ts";
import { estimator } from "./estimator.ts";
import { espnet } from "./espnet.ts";
import { fairseq } from "./fairseq.ts";
import { hfDict } from "./hf-dict.ts";
import { hfMetrics } from "./hf-metrics.ts";
import { hugectr } from "./hugectr.ts";
import { icefall } from "./icefall.ts";
import { lightningResults } from "./lightning-results.ts";
import { buildNanogpt, llmcMain, llmcSteps } from "./llmc.ts";
import { marian } from "./marian.ts";
import { measureAfter } from "./measure-after.ts";
import { megatron } from "./megatron.ts";
import { mlperf } from "./mlperf.ts";
import { mlperfOld } from "./mlperf-old.ts";
import { mmcvJson } from "./mmcv-json.ts";
import { mmengine } from "./mmengine.ts";
import { moddedNanogpt } from "./modded-nanogpt.ts";
import { nanogpt } from "./nanogpt.ts";
import { nanotron } from "./nanotron.ts";
import { objectLine } from "./object-line.ts";
import { objectTail } from "./object-tail.ts";
import { olmo } from "./olmo.ts";
import { paddle } from "./paddle.ts";
import { plainPairs } from "./plain-pairs.ts";
import { printedDict } from "./printed-dict.ts";
import { keras, tqdm } from "./progress-bars.ts";
import { superResolution } from "./super-resolution.ts";
import { torchtitan } from "./torchtitan.ts";
import { trainingTable } from "./training-table.ts";
import { tune } from "./tune.ts";
import { ultralytics } from "./ultralytics.ts";
import { yoloResults } from "./yolo-results.ts";

/** The grammars of text logs, the stricter before the looser; a line is read by the first that knows it. */
export const lineGrammars: readonly LineGrammar[] = [
  mmcvJson,
  objectLine,
  mlperf,
  mlperfOld,
  hfDict,
  hfMetrics,
  megatron,
  nanogpt,
  llmcMain,
  llmcSteps,
  buildNanogpt,
  moddedNanogpt,
  torchtitan,
  olmo,
  composer,
  clu,
  nanotron,
  detectron2,
  deepspeed,
  fairseq,
  espnet,
  icefall,
  marian,
  mmengine,
  paddle,
  xgboost,
  lightgbm,
  catboostText,
  caffe,
  darknet,
  estimator,
  catalyst,
  superResolution,
  coqui,
  printedDict,
  hugectr,
  tune,
  lightningResults,
  boxTable,
  ultralytics,
  yoloResults,
  trainingTable,
  keras,
  tqdm,
  columnTable,
  objectTail,
  bracketProgress,
  measureAfter,
  plainPairs,
];
