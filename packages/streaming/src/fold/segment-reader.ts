import type { Column } from "../columns/column.ts";
import { numbersFromColumn, type NumberReading, type NumberRows } from "../columns/numbers-from-column.ts";
import { plainAt, type PlainValue } from "../columns/plain-at.ts";
import { refusal, type Place } from "../columns/place.ts";
import { idsFromColumn } from "../keys/ids-from-column.ts";
import type { KeyTable } from "../keys/key-table.ts";
import { timesFromColumn } from "../columns/times-from-column.ts";
import { blockFromColumns, type Block } from "./block.ts";
import type { CompiledPlan, Roles, WindowPlan } from "./plan.ts";
import type { WindowTable } from "./window-table.ts";

/**
 * The rows of one segment by their roles, each read once however many losses ask for it. A plan has one at a time: its
 * room is the next one's.
 */
export class SegmentReader {
  readonly rows: number;
  readonly firstRow: number;
  readonly #plan: CompiledPlan;
  readonly #columns: readonly Column[];
  readonly #places: readonly Place[];
  readonly #place: Omit<Place, "column">;
  readonly #roles: Roles;
  /** What was read, by the columns it was read of: shared by the readers of all losses. */
  readonly #blocks: Map<string, Block>;
  readonly #numbers: Map<number, NumberRows>;

  constructor(
    plan: CompiledPlan,
    columns: readonly Column[],
    rows: number,
    place: Omit<Place, "column">,
    shared: { readonly roles: Roles; readonly of?: SegmentReader } = { roles: plan },
  ) {
    this.rows = rows;
    this.firstRow = place.firstRow;
    this.#plan = plan;
    if (shared.of === undefined) plan.room.clear();
    this.#roles = shared.roles;
    this.#blocks = shared.of === undefined ? new Map<string, Block>() : shared.of.#blocks;
    this.#numbers = shared.of === undefined ? new Map<number, NumberRows>() : shared.of.#numbers;
    this.#place = place;
    this.#columns = columns;
    this.#places = plan.columns.map((column) => ({ ...place, column }));
  }

  /** A reader of the same rows for a loss with columns of its own. */
  withRoles(roles: Roles): SegmentReader {
    if (roles === this.#roles) return this;
    return new SegmentReader(this.#plan, this.#columns, this.rows, this.#place, { roles, of: this });
  }

  /** What is to be shown of a row, counted from the first of the segment. */
  shown(row: number): PlainValue[] {
    return this.#plan.show.map((position) => plainAt(this.#columns[position]!, this.#places[position]!, row));
  }

  /** The place of the first column of a role, for refusals. */
  place(role: "target" | "prediction" | "variance", column = 0): Place {
    const positions = role === "variance" ? [this.#roles.variance!] : this.#roles[role];
    return this.#places[positions[positions.length === 1 ? 0 : column] ?? positions[0]!]!;
  }

  /** The name of a label, where the classes have names. */
  className(label: number): string | undefined {
    return this.#plan.classes?.[label];
  }

  prediction(): Block {
    return this.#block("prediction", { falseIs: 0, room: this.#plan.room });
  }

  /** `falseIs` is what false stands for where the target is of booleans; `labels` whether texts may name classes. */
  target(falseIs: 0 | -1, labels: boolean): Block {
    return this.#block("target", {
      falseIs,
      mayNameClasses: this.#plan.classes === null,
      ...(labels && this.#plan.classes !== null ? { classes: this.#plan.classes } : {}),
    });
  }

  /** Weights, each finite and not negative; null where none were asked for. @throws LF_WEIGHT with the row. */
  weights(): NumberRows | null {
    const position = this.#roles.weight;
    if (position === null) return null;
    const known = this.#numbers.get(position);
    if (known !== undefined) return known;
    const place = this.#places[position]!;
    const read = numbersFromColumn(this.#columns[position]!, place, { falseIs: 0, room: this.#plan.room });
    for (let i = 0; i < this.rows; i++) {
      const weight = read.values[i]!;
      if (!(weight >= 0 && weight < Infinity) && read.nulls?.[i] !== 1) {
        throw refusal(
          "LF_WEIGHT_OUT_OF_RANGE",
          place,
          i,
          `the weight is ${weight}; weights are finite and not negative.`,
          {
            expected: "a finite number from 0 on",
            got: String(weight),
          },
        );
      }
    }
    this.#numbers.set(position, read);
    return read;
  }

  variances(): NumberRows {
    const position = this.#roles.variance!;
    return numbersFromColumn(this.#columns[position]!, this.#places[position]!, {
      falseIs: 0,
      room: this.#plan.room,
    });
  }

  /** The group of each row. */
  groups(keys: KeyTable): Int32Array {
    const values = this.#plan.by.map((position, k) =>
      idsFromColumn(this.#columns[position]!, this.#places[position]!, keys.columns[k]!, this.#plan.room),
    );
    return keys.idsOfRows(values, this.#plan.room);
  }

  /** The cell of the windows that each row is in; -1 for a row in none. */
  windows(table: WindowTable): Int32Array {
    const { values, nulls } = this.#positions(this.#plan.window!);
    return table.addRows(values, nulls, this.#plan.room.ints(this.rows));
  }

  /** Where each row stands: its number, the number in a column, or the microseconds of a time. */
  #positions(window: WindowPlan): NumberRows {
    if (window.kind === "rows") {
      const values = this.#plan.room.doubles(this.rows);
      for (let i = 0; i < values.length; i++) values[i] = this.firstRow + i;
      return { values, nulls: null };
    }
    const column = this.#columns[window.column]!;
    const place = this.#places[window.column]!;
    if (window.kind === "time") return timesFromColumn(column, place, this.#plan.room);
    const read = numbersFromColumn(column, place, { falseIs: 0, room: this.#plan.room });
    for (let i = 0; i < this.rows; i++) {
      // A window's number must be exact too.
      if (Math.abs(read.values[i]!) <= 2 ** 52 * window.slide || read.nulls?.[i] === 1) continue;
      const step = read.values[i]!;
      const why = Number.isFinite(step)
        ? `is too large for windows ${window.slide} apart; give wider ones`
        : "lies in no window; give a finite number";
      throw refusal("LF_POSITION", place, i, `the step ${step} ${why}.`, { got: String(step) });
    }
    return read;
  }

  #block(role: "target" | "prediction", reading: NumberReading): Block {
    const positions = this.#roles[role];
    const name = `${role} ${positions.join()} ${reading.falseIs} ${reading.classes !== undefined}`;
    let block = this.#blocks.get(name);
    if (block === undefined) {
      block = blockFromColumns(
        positions.map((position) => this.#columns[position]!),
        positions.map((position) => this.#places[position]!),
        this.rows,
        { ...reading, room: this.#plan.room },
      );
      this.#blocks.set(name, block);
    }
    return block;
  }
}
