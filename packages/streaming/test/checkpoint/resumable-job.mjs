// A job that can be killed: evaluates a file with checkpoints as often as they can be written; prints a dot for each
// chunk, and its figures.
import { createPool, runningLoss } from "../../dist/node.js";

const [file, checkpoint] = process.argv.slice(2);
const pool = createPool({ workers: 2, engine: "js" });
let resumedAt = 0;
let last;
const options = {
  losses: ["mse", "huber"],
  target: "y",
  prediction: "p",
  window: { rows: 50_000 },
  top: 3,
  pool,
  every: 0,
  ...(checkpoint === undefined ? {} : { checkpoint: { path: checkpoint, every: 0 } }),
};
runningLoss(file, options).subscribe({
  next(snapshot) {
    last = snapshot;
    if (!snapshot.done) process.stdout.write(".\n");
    resumedAt = Math.max(resumedAt, snapshot.progress.checkpoint?.resumedAt ?? 0);
  },
  error(error) {
    console.error(error);
    process.exit(1);
  },
  complete() {
    console.log(JSON.stringify({ resumedAt, rows: last.rows, results: last.results }));
    process.exit(0);
  },
});
