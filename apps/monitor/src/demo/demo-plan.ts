import type { LossSpec } from "@lossflow/core";
import { snowTask } from "./snow-task.ts";
import type { Task } from "./task.ts";
import { temperatureTask } from "./temperature-task.ts";
import type { WeatherDay } from "./weather.ts";

/** A model to train: a task, the loss it is trained with, and the figure that all models of the task share. */
export interface PlannedRun {
  /** Also the name of its folder. */
  readonly name: string;
  /** What a person calls the loss. */
  readonly title: string;
  readonly subject: "temperature" | "snow";
  /** Whether some of the targets it is shown are wrong. */
  readonly faults: boolean;
  readonly spec: LossSpec;
  /** Under this name, behind `val/`, the log also has this loss, whatever the model is trained with. */
  readonly shared: { readonly name: string; readonly spec: LossSpec };
  readonly task: Task;
}

const MAE: LossSpec = { loss: "mae", params: {} };
const LOG_LOSS: LossSpec = { loss: "bce_logits", params: {} };

/** °C; about the size of an ordinary error of these models, so that larger ones count as faults. */
const HUBER_DELTA = 2;
/** The value of the paper, arXiv 1708.02002. */
const FOCAL_GAMMA = 2;

/** Lists what the demo trains. The same `seed` gives the same list, down to the days with faults. */
export function planDemo(days: readonly WeatherDay[], seed: number): PlannedRun[] {
  const regressions: [string, string, LossSpec][] = [
    ["mse", "MSE", { loss: "mse", params: {} }],
    ["mae", "MAE", MAE],
    ["huber", "Huber", { loss: "huber", params: { delta: HUBER_DELTA } }],
  ];
  const clean = temperatureTask(days, { faults: false, seed });
  const faulty = temperatureTask(days, { faults: true, seed });
  const temperature = regressions.flatMap(([name, title, spec]) =>
    [clean, faulty].map((task): PlannedRun => {
      const faults = task === faulty;
      return {
        name: `temperature-${name}${faults ? "-faults" : ""}`,
        title,
        subject: "temperature",
        faults,
        spec,
        shared: { name: "mae", spec: MAE },
        task,
      };
    }),
  );

  const task = snowTask(days);
  const withoutSnow = days.filter((day) => !day.snow).length / days.length;
  const classifiers: [string, string, LossSpec][] = [
    ["cross-entropy", "cross-entropy", LOG_LOSS],
    ["balanced", "balanced cross-entropy", { loss: "balanced_bce_logits", params: { beta: withoutSnow } }],
    ["focal", "focal loss", { loss: "focal_logits", params: { gamma: FOCAL_GAMMA } }],
  ];
  const snow = classifiers.map(([name, title, spec]): PlannedRun => ({
    name: `snow-${name}`,
    title,
    subject: "snow",
    faults: false,
    spec,
    shared: { name: "log_loss", spec: LOG_LOSS },
    task,
  }));
  return [...temperature, ...snow];
}
