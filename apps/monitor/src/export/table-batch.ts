/** What a column of an exported table holds. */
export interface TableColumn {
  readonly name: string;
  readonly kind: "number" | "text";
  /** Whether cells may be empty. */
  readonly nullable: boolean;
}

/** The cells of a column, one a row. A batch owns its memory: nobody writes to it any more. */
export type TableCells = NumberCells | TextCells;

export interface NumberCells {
  readonly values: Float64Array;
  /** 1 where a cell is empty; null where none is. */
  readonly nulls: Uint8Array | null;
}

export interface TextCells {
  readonly codes: Int32Array;
  /** `words[codes[row]]` is the text of a row. */
  readonly words: readonly string[];
}

/** Some consecutive rows of an exported table. */
export interface TableBatch {
  readonly rows: number;
  /** In the order of the table's columns. */
  readonly cells: readonly TableCells[];
}

/** Turns the rows of a table into bytes as they come. */
export interface TableWriter {
  write(batch: TableBatch): void;
  /** Writes what is left; resolves when all bytes have been given to the output. */
  end(): Promise<void>;
}

/** Takes the bytes of a table, in order, at once. */
export type TakeBytes = (bytes: Uint8Array) => void;

/** Makes cells of one text in every row. */
export function sameText(text: string, rows: number): TextCells {
  return { codes: new Int32Array(rows), words: [text] };
}

/** Makes cells in which NaN stands for an empty one. */
export function numbersOrEmpty(values: Float64Array): NumberCells {
  let nulls: Uint8Array | null = null;
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i]!)) (nulls ??= new Uint8Array(values.length))[i] = 1;
  }
  return { values, nulls };
}
