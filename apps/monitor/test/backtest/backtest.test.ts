import { expect, test } from "vitest";
import { foldPlanted } from "../../src/backtest/fold-planted.ts";
import { labelsFromText } from "../../src/backtest/labels-from-text.ts";
import { plantedRuns } from "../../src/backtest/planted-runs.ts";
import { AlarmScores, KINDS } from "../../src/backtest/score-alarms.ts";

function scoresOf(seed: number): { scores: AlarmScores; steps: number } {
  const scores = new AlarmScores();
  let steps = 0;
  for (const { run, incidents } of plantedRuns(seed, 1)) {
    const { events } = foldPlanted(run);
    scores.add(
      events.filter(({ kind }) => KINDS.includes(kind)),
      incidents,
    );
    steps += run.steps.length;
  }
  return { scores, steps };
}

// The defaults of the detectors were chosen on other seeds; docs/detectors.md has the table.
test("on generated runs the detectors find what was planted, and little else", () => {
  const { scores, steps } = scoresOf(77);
  const list = scores.list();
  const share = (kind: string): number => {
    const { found, incidents } = list.find((score) => score.kind === kind)!;
    return found / incidents;
  };
  expect(list.map(({ kind }) => kind)).toEqual(["nan", "inf", "spike", "divergence", "plateau", "stall"]);
  expect([share("nan"), share("inf"), share("stall")]).toEqual([1, 1, 1]);
  expect(share("spike")).toBeGreaterThan(0.8);
  expect(share("divergence")).toBeGreaterThan(0.8);
  expect(share("plateau")).toBeGreaterThan(0.75);
  const falseAlarms = list.reduce((sum, score) => sum + score.falseAlarms, 0);
  expect((1000 * falseAlarms) / steps).toBeLessThan(0.03);
});

test("the same seed gives the same runs", () => {
  const [first] = plantedRuns(5, 1);
  const [again] = plantedRuns(5, 1);
  const [other] = plantedRuns(6, 1);
  expect(again!.run.train.values).toEqual(first!.run.train.values);
  expect(other!.run.train.values).not.toEqual(first!.run.train.values);
});

test("labels name runs, incidents and the lines that are wrong", () => {
  const labels = labelsFromText(
    '{"run": "a", "kind": "spike", "step": 5, "until": 9}\n\n{"run": "b"}\n{"run": "a", "kind": "nan", "step": 3, "metric": "loss"}\n',
    "labels.jsonl",
  );
  expect(labels).toEqual(
    new Map([
      [
        "a",
        [
          { kind: "spike", metric: null, step: 5, until: 9, also: [] },
          { kind: "nan", metric: "loss", step: 3, until: 3, also: [] },
        ],
      ],
      ["b", []],
    ]),
  );
  for (const [line, why] of [
    ["{}", 'there is no "run"'],
    ['{"run": "a", "kind": "spikes", "step": 1}', '"kind" is "spikes"; it is one of nan, inf, spike'],
    ['{"run": "a", "kind": "spike", "step": 9, "until": 5}', '"step" and "until" are numbers'],
    ['{"run": "a", "kind": "spike", "step": 9, "also": "nan"}', '"also" is a list'],
    ["null", 'there is no "run"'],
  ] as const) {
    expect(() => labelsFromText(`{"run": "x"}\n${line}`, "labels.jsonl")).toThrow(
      `labels.jsonl, line 2: ${why}`,
    );
  }
});

test("alarms of unlabelled runs are counted and not called false", () => {
  const scores = new AlarmScores();
  const spike = {
    kind: "spike",
    step: 5,
    lastStep: 5,
    count: 1,
    metric: "loss",
    value: 9,
    message: "",
  } as const;
  expect(scores.add([spike], null)).toEqual([]);
  expect(scores.add([spike], [])).toEqual([spike]);
  expect(scores.add([spike], [{ kind: "spike", metric: null, step: 4, until: 6, also: [] }])).toEqual([]);
  expect(scores.list()).toEqual([{ kind: "spike", incidents: 1, found: 1, alarms: 3, falseAlarms: 1 }]);
});
