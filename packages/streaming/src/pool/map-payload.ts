import type { Column, ColumnBytes } from "../columns/column.ts";
import type { Payload } from "../source/table-source.ts";

type MapBytes = (bytes: Uint8Array) => Uint8Array;

/** Copies a payload with each of its byte arrays put through `map`; all else is shared with the original. */
export function mapPayload(payload: Payload, map: MapBytes): Payload {
  switch (payload.kind) {
    case "arrow": {
      const dictionaries = payload.rows.dictionaries.map(
        ([id, chunks]) => [id, chunks.map((chunk) => mapColumn(chunk, map))] as const,
      );
      return { ...payload, rows: { ...payload.rows, dictionaries } };
    }
    case "columns":
      return { ...payload, columns: payload.columns.map((column) => mapColumn(column, map)) };
    case "csv":
    case "jsonl":
      return { ...payload, bytes: map(payload.bytes) };
    default:
      return {
        ...payload,
        columns: payload.columns.map((column) =>
          "unsupported" in column ? column : Object.assign({}, column, { bytes: map(column.bytes) }),
        ),
      };
  }
}

function mapColumn(column: Column, map: MapBytes): Column {
  const on = (bytes: ColumnBytes): ColumnBytes =>
    bytes instanceof Uint8Array ? map(bytes) : { ...bytes, packed: map(bytes.packed) };
  const validity = column.validity === null ? null : on(column.validity);
  switch (column.kind) {
    case "number":
    case "boolean":
      return { ...column, validity, values: on(column.values) };
    case "text":
      return { ...column, validity, offsets: on(column.offsets), values: on(column.values) };
    case "text-view":
      return { ...column, validity, views: on(column.views), buffers: column.buffers.map(on) };
    case "list":
      return { ...column, validity, offsets: on(column.offsets), child: mapColumn(column.child, map) };
    case "fixed-list":
      return { ...column, validity, child: mapColumn(column.child, map) };
    case "dictionary":
      return {
        ...column,
        validity,
        codes: mapColumn(column.codes, map) as typeof column.codes,
        values: column.values.map((chunk) => mapColumn(chunk, map)),
      };
    case "time":
      return { ...column, numbers: mapColumn(column.numbers, map) as typeof column.numbers };
    case "cells":
      return { ...column, bytes: map(column.bytes) };
    default:
      return column;
  }
}
