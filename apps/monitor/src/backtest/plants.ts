import type { Incident } from "./incident.ts";
import type { PlantedRun, PlantedSeries } from "./planted-runs.ts";

/** Something that goes wrong, and how it is worked into a run. */
export interface Plant {
  readonly name: string;
  /** Changes the run's series and tells what an alarm should say. */
  into(run: PlantedRun): readonly Incident[];
}

/** What goes wrong in training, one plant a run. */
export const PLANTS: readonly Plant[] = [
  { name: "nothing", into: () => [] },
  {
    name: "NaN for some points",
    into: (run) => {
      const at = somewhere(run, 0.1, 0.9);
      const points = 1 + Math.floor(8 * run.random());
      run.train.values.fill(Number.NaN, at, at + points);
      return [incident(run, "nan", run.train, at, 1)];
    },
  },
  {
    name: "Infinity to the end",
    into: (run) => {
      const at = somewhere(run, 0.3, 0.9);
      run.train.values.fill(Infinity, at);
      return [incident(run, "inf", run.train, at, 1)];
    },
  },
  {
    name: "a spike of one step",
    into: (run) => spikes(run, 1, 3),
  },
  {
    name: "a spike of one step, near the start",
    into: (run) => {
      const at = 5 + Math.floor(8 * run.random());
      run.train.values[at]! *= 3;
      return [incident(run, "spike", run.train, at, 1)];
    },
  },
  {
    name: "a spike of 3 to 15 steps",
    into: (run) => spikes(run, 3 + Math.floor(13 * run.random()), 1),
  },
  {
    name: "a jump that stays",
    into: (run) => {
      const at = somewhere(run, 0.3, 0.7);
      const { values } = run.train;
      const to = values[at]! + Math.max(values[at]!, 0.8 * (values[0]! - values[at]!));
      for (let i = at; i < values.length; i++) values[i] = to + (values[i]! - values[at]!) * 0.3;
      return [incident(run, "divergence", run.train, at, values.length, ["spike"])];
    },
  },
  {
    name: "an exponential rise",
    into: (run) => {
      const at = somewhere(run, 0.4, 0.7);
      const { values } = run.train;
      const pace = 0.02 + 0.1 * run.random();
      for (let i = at; i < values.length; i++) values[i]! *= Math.min(30, Math.exp(pace * (i - at)));
      return [incident(run, "divergence", run.train, at, values.length, ["spike"])];
    },
  },
  {
    name: "a slow rise to twice the level",
    into: (run) => {
      const { values } = run.train;
      const at = Math.floor(values.length * (0.4 + 0.1 * run.random()));
      const end = values.length - 1;
      for (let i = at; i <= end; i++) values[i]! *= 1 + (1.5 * (i - at)) / (end - at);
      return [incident(run, "divergence", run.train, at, end, ["spike", "plateau"])];
    },
  },
  {
    name: "flat from a third on",
    into: (run) => {
      const { values } = run.train;
      const at = Math.floor(values.length * (0.25 + 0.1 * run.random()));
      const level = mean(values.subarray(at - 8, at));
      // The noise of the run goes on around the level.
      const own = values.slice(at);
      for (let i = at; i < values.length; i++) {
        const around = mean(own.subarray(Math.max(0, i - at - 20), i - at + 21));
        values[i] = Math.max(1e-4, (values[i]! * level) / around);
      }
      return [incident(run, "plateau", run.train, Math.floor(at * 0.8), values.length)];
    },
  },
  {
    name: "the same value again and again",
    into: (run) => {
      const { values } = run.train;
      const at = Math.floor(values.length * (0.25 + 0.1 * run.random()));
      values.fill(values[at]!, at);
      return [incident(run, "plateau", run.train, Math.floor(at * 0.8), values.length)];
    },
  },
  {
    name: "a pause of hours",
    into: (run) => {
      const at = somewhere(run, 0.2, 0.9);
      const pause = 3_600 * (1 + 5 * run.random());
      for (let i = at; i < run.times.length; i++) run.times[i]! += pause;
      // The validation stands still as well, and tells of it where it has had points enough.
      return [{ ...incident(run, "stall", run.train, at - run.val.every, run.val.every), metric: null }];
    },
  },
  {
    name: "validation rises",
    into: (run) => {
      const { values } = run.val;
      const at = Math.floor(values.length * (0.4 + 0.2 * run.random()));
      for (let i = at; i < values.length; i++)
        values[i] = values[at]! * (1 + (0.6 * (i - at)) / (values.length - at));
      return [incident(run, "divergence", run.val, at, values.length, ["plateau"])];
    },
  },
  {
    name: "the gradient explodes",
    into: (run) => {
      const at = somewhere(run, 0.2, 0.9);
      const points = 1 + Math.floor(6 * run.random());
      for (let i = at; i < at + points; i++) run.norm.values[i]! *= 20 + 200 * run.random();
      return [incident(run, "spike", run.norm, at, points)];
    },
  },
];

/** Spikes far above the run's own noise: 8 times it and half of the level at least. */
function spikes(run: PlantedRun, points: number, count: number): Incident[] {
  const { values } = run.train;
  return Array.from({ length: count }, (_, k) => {
    const at = somewhere(run, (k + 0.2) / count, (k + 0.8) / count);
    const around = values.slice(Math.max(0, at - 30), at).sort();
    const top = around[around.length - 1] ?? values[at]!;
    for (let i = at; i < at + points; i++) values[i] = 1.6 * top + values[i]! * 0.4;
    return incident(run, "spike", run.train, at, points);
  });
}

function somewhere(run: PlantedRun, from: number, to: number): number {
  const { length } = run.steps;
  return Math.max(40, Math.floor(length * (from + (to - from) * run.random())));
}

/** An incident from the place `at` on, of which alarms may come for `within` places. */
function incident(
  run: PlantedRun,
  kind: string,
  { metric }: PlantedSeries,
  at: number,
  within: number,
  also: readonly string[] = [],
): Incident {
  const { steps } = run;
  const until = steps[Math.min(steps.length - 1, at + within)]!;
  return { kind, metric, step: steps[Math.max(0, at)]!, until, also };
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
