import { isSimdSupported } from "@lossflow/kernels";
import { transfer } from "comlink";
import { createFolder, type FoldResult, type FoldTask } from "./fold-task.ts";

/** What a worker offers, through Comlink. */
export interface WorkerApi {
  /** Answers once the worker has loaded: the version of what it speaks. */
  hello(): number;
  /** Folds some rows into a partial state. Refusals come back as data; only a fault of the worker itself throws. */
  fold(task: FoldTask): Promise<FoldResult>;
}

/** Tasks and results of other versions are not understood. */
export const PROTOCOL = 1;

export function createWorkerApi(): WorkerApi {
  const folder = createFolder(isSimdSupported());
  return {
    hello: () => PROTOCOL,
    async fold(task) {
      const result = await folder.fold(task);
      return result.ok ? transfer(result, [result.state.buffer]) : result;
    },
  };
}
