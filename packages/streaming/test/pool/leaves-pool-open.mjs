import { tableFromArrays } from "apache-arrow";
import { lastValueFrom } from "rxjs";
import { createPool, runningLoss } from "../../dist/index.js";

const table = tableFromArrays({ y: Float32Array.of(1, 1), p: Float32Array.of(3, 3) });
const pool = createPool({ workers: 2 });
const { results } = await lastValueFrom(
  runningLoss(table, { losses: ["mse"], target: "y", prediction: "p", pool }),
);
console.log(results[0].mean);
