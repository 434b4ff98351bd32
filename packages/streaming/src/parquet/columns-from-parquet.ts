import type { Column } from "../columns/column.ts";
import { OWN_ROOM, ReusedRoom, type RowRoom } from "../columns/row-room.ts";
import type { ParquetPages, ParquetPayload } from "../source/table-source.ts";
import { columnFromChunk } from "./column-from-chunk.ts";
import { invalidParquet } from "./parquet-refusal.ts";
import { ChunkReader } from "./read-chunk.ts";

/** Decodes the wanted columns of a row group. @throws LF_PARQUET_INVALID, LF_COMPRESSION */
export function columnsFromParquet(payload: ParquetPayload): Column[] {
  const take = columnReaders(payload, OWN_ROOM);
  return take.map((next) => next(payload.rows));
}

/**
 * Decodes them about `numbers` values of a column at a time, and so many rows at most; the columns stand until the next
 * are asked for. Where lists are of different lengths, a piece has as many rows as it would have if they were not.
 * @throws as {@link columnsFromParquet}
 */
export function* piecesFromParquet(payload: ParquetPayload, numbers: number): Generator<Column[]> {
  const room = new ReusedRoom();
  const take = columnReaders(payload, room);
  const longest = payload.columns.map((column) => ("values" in column ? column.values / payload.rows : 1));
  const most = Math.max(1, Math.floor(numbers / Math.max(1, ...longest)));
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
      return column.leaf.mostRepeated === 1 ? listReader(column, rows, room) : rowReader(column, rows, room);
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

/** Where rows of lists end, their levels say alone. */
function listReader({ bytes, codec, leaf, values }: ParquetPages, rows: number, room: RowRoom): TakeRows {
  const reader = new ChunkReader(bytes, codec, leaf, values);
  const columnFrom = columnFromChunk(leaf, room);
  let left = rows;
  return (some) => {
    const column = columnFrom(reader.takeLists(some, room), some);
    left -= some;
    if (left === 0 && !reader.ended)
      throw invalidParquet(`a column holds more rows than the ${rows} of its row group`);
    return column;
  };
}
