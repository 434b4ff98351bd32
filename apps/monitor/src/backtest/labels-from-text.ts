import { LossflowError } from "@lossflow/core";
import type { Incident } from "./incident.ts";
import { KINDS } from "./score-alarms.ts";

/**
 * Reads labels, JSON lines: `{"run": "a", "kind": "spike", "step": 600, "until": 620, "metric": "loss", "also": []}` an
 * incident (`until`: `step` if not given; `metric`: any; `also`: none), `{"run": "b"}` a run without one.
 * @returns the incidents of each run that is named.
 * @throws LF_BAD_LABELS with the line.
 */
export function labelsFromText(text: string, path: string): Map<string, Incident[]> {
  const labels = new Map<string, Incident[]>();
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === "") continue;
    const refuse = (why: string): LossflowError =>
      new LossflowError("LF_BAD_LABELS", `${path}, line ${i + 1}: ${why}.`, { path, line: i + 1 });
    let label: Readonly<Record<string, unknown>>;
    try {
      label = JSON.parse(line) as typeof label;
    } catch {
      throw refuse("this is no JSON; write one object a line");
    }
    const { run, kind, step, until = step, metric = null, also = [] } = label ?? {};
    if (typeof run !== "string") throw refuse('there is no "run"; name the run, as summary does');
    const incidents = labels.get(run) ?? [];
    labels.set(run, incidents);
    if (kind === undefined) continue;
    if (typeof kind !== "string" || !KINDS.includes(kind))
      throw refuse(`"kind" is ${JSON.stringify(kind)}; it is one of ${KINDS.join(", ")}`);
    if (typeof step !== "number" || typeof until !== "number" || until < step)
      throw refuse('"step" and "until" are numbers, "until" not below "step"');
    if (metric !== null && typeof metric !== "string") throw refuse('"metric" is the name of one');
    if (!Array.isArray(also) || also.some((name) => !KINDS.includes(String(name))))
      throw refuse(`"also" is a list of ${KINDS.join(", ")}`);
    incidents.push({ kind, metric, step, until, also: also.map(String) });
  }
  return labels;
}
