import type { Column } from "../columns/column.ts";
import { OWN_ROOM, ReusedRoom, type RowRoom } from "../columns/row-room.ts";
import { sliceColumn } from "../columns/slice-column.ts";
import type { ParquetPages, ParquetPayload } from "../source/table-source.ts";
import { columnFromChunk } from "./column-from-chunk.ts";
import { invalidParquet } from "./parquet-refusal.ts";
import { ChunkReader } from "./read-chunk.ts";

/** Decodes the wanted columns of a row group. @throws LF_PARQUET_INVALID, LF_COMPRESSION */
export function columnsFromParquet(payload: ParquetPayload): Column[] {
  const take = columnReaders(payload, OWN_ROOM);
  return take.map((next) => next(payload.rows));
}

/** Decodes them `most` rows at a time; the columns stand until the next are asked for. @throws as {@link columnsFromParquet} */
export function* piecesFromParquet(payload: ParquetPayload, most: number): Generator<Column[]> {
  const room = new ReusedRoom();
  const take = columnReaders(payload, room);
  for (let at = 0; at < payload.rows; at += most) {
    room.clear();
    yield take.map((next) => next(Math.min(most, payload.rows - at)));
  }
}

/** Gives the next rows of a column, so many. */
type TakeRows = (rows: number) => Column;

function columnReaders({ columns, rows }: ParquetPayload, room: RowRoom): TakeRows[] {
  return columns.map((column) => {
    if (!("unsupported" in column))
      return column.leaf.mostRepeated === 1 ? listReader(column, rows) : rowReader(column, rows, room);
    const { unsupported: type } = column;
    return (some) => ({ kind: "unsupported", length: some, bitOffset: 0, validity: null, type });
  });
}

function rowReader({ bytes, codec, leaf, values }: ParquetPages, rows: number, room: RowRoom): TakeRows {
  if (values !== rows) throw invalidParquet(`a column holds ${values} rows where its row group has ${rows}`);
  const reader = new ChunkReader(bytes, codec, leaf, values);
  const columnFrom = columnFromChunk(leaf, room);
  return (some) => columnFrom(reader.take(some, room), some);
}

/** Where rows of lists end, their levels say alone: all are decoded at once. */
function listReader({ bytes, codec, leaf, values }: ParquetPages, rows: number): TakeRows {
  let all: Column | undefined;
  let at = 0;
  return (some) => {
    all ??= columnFromChunk(leaf, OWN_ROOM)(
      new ChunkReader(bytes, codec, leaf, values).take(values, OWN_ROOM),
      rows,
    );
    at += some;
    return some === rows ? all : sliceColumn(all, at - some, at);
  };
}
