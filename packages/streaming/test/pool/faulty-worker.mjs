// A worker that does its work, except where it was told to fail: for the tests of the pool.
import { workerData, parentPort } from "node:worker_threads";
import { expose } from "comlink";
import { createWorkerApi } from "../../dist/worker/api.js";
import { selfEndpoint } from "../../dist/worker/self.node.js";

/** `faults` say what happens to the task that begins with a row, `left[i]` how many times yet. */
const { faults, left, hold } = workerData;
if (faults.some(({ kind }, i) => kind === "load" && Atomics.sub(left, i, 1) > 0)) throw new Error("no start");
const api = createWorkerApi();
const never = () => new Promise(() => {});

const FAULTS = {
  throw() {
    throw new Error("thrown in a call");
  },
  "throw outside"() {
    setTimeout(() => {
      throw new Error("thrown outside of a call");
    }, 0);
    return never();
  },
  exit: () => process.exit(7),
  loop() {
    for (;;);
  },
  silence: never,
  memory() {
    // Bit by bit: from Node 23 on, what outgrows the limit between two looks of the collector ends the whole process
    // (nodejs/node#65019).
    let hoard = null;
    const grow = () => {
      for (let i = 0; i < 10; i++) hoard = { hoard, numbers: Array.from({ length: 1e3 }, () => ({})) };
      setImmediate(grow);
    };
    grow();
    return never();
  },
  // Its answer gets out, and it has the next task before it dies, but never comes to it.
  "death after": (task) =>
    api.fold(task).finally(() =>
      setImmediate(() => {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60);
        process.exit(0);
      }),
    ),
};

expose(
  {
    ...api,
    fold(task) {
      if (hold) Atomics.wait(hold, 0, 0);
      const { firstRow } = task.segments[0];
      const at = faults.findIndex(({ row }, i) => row === firstRow && Atomics.sub(left, i, 1) > 0);
      return at !== -1 ? FAULTS[faults[at].kind](task) : api.fold(task);
    },
  },
  selfEndpoint(),
);
parentPort.on("messageerror", () => process.exit(1));
