import { LossflowError, type Loss, type LossColumns } from "@lossflow/core";
import { batchFromColumns, refuse } from "./batch.ts";
import { columnType, LAST_FLOAT } from "./column.ts";
import { KernelFold, type FoldOptions } from "./kernel-fold.ts";
import type { KernelMemory } from "./kernel-memory.ts";
import { gradientPlan, kernelPlan, type KernelPlan } from "./kernel-plan.ts";
import { noKernel } from "./no-kernel.ts";

/** Numbers that are copied into the kernels' own memory at a time, 8 bytes each at most. */
const SLICE = 2 ** 18;

/** The kernels of one memory: the losses of @lossflow/core as SIMD WebAssembly. Not for two threads at once. */
export class Kernels {
  readonly #memory: KernelMemory;

  /** Use {@link createKernels}. */
  constructor(memory: KernelMemory) {
    this.#memory = memory;
  }

  /**
   * Where columns need no copy: views of this memory, all that a call reads and writes or none (LF_KERNEL_COPY). Where it is the
   * kernels' own, pages that you grow are yours, and nothing else: copies go to pages that the kernels grow. Growing, theirs too,
   * detaches views where the memory is not shared: make them anew.
   */
  get memory(): WebAssembly.Memory {
    return this.#memory.memory;
  }

  /** Tells whether there is a kernel for a loss with its parameters, and for the types of these columns. */
  supports(loss: Loss, columns: Partial<Pick<LossColumns, "prediction" | "target">> = {}): boolean {
    if (kernelPlan(loss) === null) return false;
    const { prediction, target }: typeof columns = Object(columns);
    const last = loss.unit === "row" ? LAST_FLOAT : Infinity;
    const reads = (column: unknown, most: number): boolean =>
      column === undefined || (columnType(column) >= 0 && columnType(column) <= most);
    return reads(target, Infinity) && reads(prediction, last);
  }

  /**
   * Writes the unweighted loss of each unit into `out[0 .. rows)`, as {@link Loss.unreduced}: at most 4 units of the
   * last place from its figures, the losses of distance with the same bits. What an element costs depends on that
   * element alone, on every machine.
   * @throws as {@link Loss.unreduced}, with the same row; LF_NO_KERNEL; LF_KERNEL_COLUMN; LF_LENGTH_MISMATCH.
   */
  unreduced(loss: Loss, columns: LossColumns, out: Float64Array): void {
    this.#run("unreduced", planOf(loss), loss, columns, out);
  }

  /** Tells whether there is a kernel for the gradient of a loss with its parameters; see {@link Kernels.gradient}. */
  supportsGradient(loss: Loss): boolean {
    return gradientPlan(loss) !== null;
  }

  /**
   * Writes the derivative of each unit's own loss by its predictions into `out[0 .. rows * classes)`, unweighted: the
   * gradient of the sum of the losses, as {@link Loss.gradient} gives it, in doubles and in an array of the caller's.
   * Each is at most 4 units of the last place from core's (`focal_softmax`: 8), or, where it is the difference of two parts
   * (soft targets, smoothing, `cce_logits`), 4 units of the larger part; `bce`, `balanced_bce`, `cce`, `scce` and losses of
   * distance have the same bits. Rows with a label to ignore get 0.
   * @throws as {@link Kernels.unreduced}; LF_NO_KERNEL where {@link Kernels.supportsGradient} is false.
   */
  gradient(loss: Loss, columns: LossColumns, out: Float64Array): void {
    this.#run("gradient", gradientPlan(loss) ?? noKernel(loss), loss, columns, out);
    if (hasRowWeights(loss)) weighRows(loss, columns, out);
  }

  /** Runs a kernel, which writes a loss of each unit, or a derivative by each of its predictions. @throws LF_LENGTH_MISMATCH where `out` is too short for them. */
  #run(
    kernel: "unreduced" | "gradient",
    plan: KernelPlan,
    loss: Loss,
    columns: LossColumns,
    out: Float64Array,
  ): void {
    const { target, targetType, prediction, predictionType, width, targetWidth } = batchFromColumns(
      loss,
      columns,
    );
    const { rows, classes } = columns;
    const each = kernel === "gradient" ? width : 1;
    if ((plan.classes ?? classes) !== classes) refuse(loss, columns, rows);
    if (!((out as unknown) instanceof Float64Array))
      throw new LossflowError(
        "LF_KERNEL_COLUMN",
        "Kernels write doubles: pass a Float64Array to write into.",
      );
    if (out.length < rows * each) {
      throw new LossflowError(
        "LF_LENGTH_MISMATCH",
        `There are ${rows * each} numbers to write, and room for ${out.length} of them: pass a longer array.`,
      );
    }
    const step = Math.max(512, Math.floor(SLICE / width / 512) * 512);
    for (let first = 0; first < rows; first += step) {
      const count = Math.min(step, rows - first);
      const slices = [
        target.subarray(first * targetWidth, (first + count) * targetWidth),
        prediction.subarray(first * width, (first + count) * width),
      ];
      const direct = this.#memory.holds(out);
      const [t, p, free] = this.#memory.place(slices, direct ? 0 : 8 * count * each, out);
      const to = direct ? out.byteOffset + 8 * first * each : free!;
      this.#memory.setParameters(plan.parameters);
      const run = this.#memory.wasm[kernel];
      const done = run(plan.kind, t!, targetType, p!, predictionType, count, classes, to);
      if (done < count) refuse(loss, columns, Math.min(rows, first + done + 512));
      if (!direct) out.set(new Float64Array(this.#memory.buffer, to, count * each), first * each);
    }
  }

  /** How many running sums may still begin in this memory. */
  get foldsLeft(): number {
    return this.#memory.statesLeft;
  }

  /**
   * Begins a running sum of a loss. It takes one of the states of this memory until {@link KernelFold.free}.
   * @throws LF_NO_KERNEL; LF_KERNEL_STATES.
   */
  fold(loss: Loss, options?: FoldOptions | null): KernelFold {
    return new KernelFold(this.#memory, loss, planOf(loss), options ?? {});
  }
}

function planOf(loss: Loss): KernelPlan {
  return kernelPlan(loss) ?? noKernel(loss);
}

/** Whether a label's class weighs its row; where labels are smoothed, the weights are in the loss itself. */
function hasRowWeights({ params, target }: Loss): boolean {
  return target === "label" && Array.isArray(params["class_weight"]) && params["label_smoothing"] === 0;
}

/** Multiplies the derivatives of each row by what its label weighs. */
function weighRows(loss: Loss, { target, rows, classes }: LossColumns, out: Float64Array): void {
  for (let r = 0; r < rows; r++) {
    const weight = loss.labelWeight?.(target[r]!) ?? 1;
    for (let i = r * classes; i < (r + 1) * classes; i++) out[i] = weight === 0 ? 0 : out[i]! * weight;
  }
}
