import { workerData } from "node:worker_threads";
import { trainDemo, type DemoJob } from "./train-demo.ts";

// The files are all it says: whoever started it follows them, as they would any other training's.
trainDemo(workerData as DemoJob);
