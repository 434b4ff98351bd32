import type { Context } from "../cli/context.ts";
import { UsageError } from "../cli/usage-error.ts";
import { openOutputFile, type Output, outputToStdout } from "./output.ts";
import type { TableBatch, TableColumn } from "./table-batch.ts";
import { createTableWriter, type TableFormat, tableFormatFromName } from "./table-format.ts";

/** Where to export to. */
export interface ExportTarget {
  /** A file; standard output where absent. */
  readonly out?: string;
  /** What to write; by the file's name where absent, csv on standard output. */
  readonly to?: TableFormat;
}

/** One table on its way to a file or to standard output. */
export class ExportOutput {
  readonly format: TableFormat;
  readonly #context: Context;
  readonly #path: string | undefined;
  #output: Output | null = null;
  #writer: Awaited<ReturnType<typeof createTableWriter>> | null = null;
  #rows = 0;

  /** @throws LF_USAGE where the format is not told, or is binary and would go to a terminal. */
  constructor(context: Context, { out, to }: ExportTarget) {
    this.#context = context;
    this.#path = out;
    this.format = to ?? (out === undefined ? "csv" : tableFormatFromName(out));
    if (out === undefined && (this.format === "arrow" || this.format === "parquet") && context.stdout.isTTY)
      throw new UsageError(
        `${this.format} is binary: give a file with --out, or lead standard output elsewhere.`,
      );
  }

  get rows(): number {
    return this.#rows;
  }

  /** Opens the output: nothing is written, and no file made, before. */
  async open(columns: readonly TableColumn[]): Promise<void> {
    this.#output = this.#path === undefined ? outputToStdout(this.#context) : openOutputFile(this.#path);
    const layout = this.#path !== undefined ? "file" : this.#context.stdout.isTTY ? "terminal" : "stream";
    const output = this.#output;
    this.#writer = await createTableWriter(this.format, columns, (bytes) => output.write(bytes), layout);
  }

  write(batch: TableBatch): void {
    this.#rows += batch.rows;
    this.#writer!.write(batch);
  }

  /** Ends the table and gives the file its name. */
  async commit(): Promise<void> {
    await this.#writer!.end();
    this.#output!.commit();
  }

  /** Leaves no file behind. */
  discard(): void {
    this.#output?.discard();
  }
}
