import { createPool } from "@lossflow/streaming/node";
import type { PlannedRun } from "./demo-plan.ts";
import { scoreRun, type RunScore } from "./score-run.ts";

/** Scores all finished runs below a folder, in the order of the plan. */
export async function scoreDemo(plans: readonly PlannedRun[], folder: string): Promise<RunScore[]> {
  // A thousand rows a run: no worker would start sooner than they are done. The log was written with core's figures.
  const pool = createPool({ workers: 0, engine: "js" });
  try {
    const scores: RunScore[] = [];
    for (const plan of plans) scores.push(await scoreRun(plan, folder, pool));
    return scores;
  } finally {
    await pool.close();
  }
}
