import { idsFromColumn } from "../keys/ids-from-column.ts";
import { ValueTable } from "../keys/value-table.ts";
import type { Column, TimeColumn, TimeUnit } from "./column.ts";
import { microsecondsFromText } from "./microseconds-from-text.ts";
import { numberFromDecimal } from "./number-from-decimal.ts";
import { nullsFromValidity } from "./nulls-from-validity.ts";
import { numbersFromColumn, type NumberRows } from "./numbers-from-column.ts";
import { formatGot, refusal, type Place } from "./place.ts";
import { OWN_ROOM, type RowRoom } from "./row-room.ts";
import { viewOfNumbers } from "./view-of-numbers.ts";

/**
 * Reads a column as times, in whole microseconds since 1970: dates, times, timestamps and durations of any unit (what
 * nanoseconds have beyond is cut off), numbers and decimal texts as seconds, to the nearest microsecond, texts as ISO
 * 8601 writes them, without a zone as UTC.
 * @throws LF_BAD_TIME with the row, where a value is no time or further from 1970 than 285 years.
 */
export function timesFromColumn(column: Column, place: Place, room: RowRoom = OWN_ROOM): NumberRows {
  if (column.kind === "time") return timesFromIntegers(column, place, room);
  if (column.kind === "number" && column.format !== "i64" && column.format !== "u64") {
    const { values, nulls } = numbersFromColumn(column, place, { falseIs: 0, room });
    const times = room.doubles(values.length);
    for (let i = 0; i < times.length; i++) {
      times[i] = Math.round(values[i]! * 1e6);
      if (!Number.isSafeInteger(times[i]) && nulls?.[i] !== 1) throw refused(place, i, values[i]!);
    }
    return { values: times, nulls };
  }
  return timesFromKeys(column, place, room);
}

/** What a column writes out in texts, or as integers that may be long, is read once for each distinct value. */
function timesFromKeys(column: Column, place: Place, room: RowRoom): NumberRows {
  const table = new ValueTable();
  const ids = idsFromColumn(column, place, table, room);
  const known = Array.from({ length: table.length }, (_, id) => {
    const key = table.keyAt(id);
    if (key === null) return null;
    if (key.t === "n") return Math.round(key.v * 1e6);
    if (key.t !== "s") return Number.NaN;
    const seconds = numberFromDecimal(key.v.trim());
    return seconds === undefined ? microsecondsFromText(key.v) : Math.round(Number(seconds) * 1e6);
  });
  const values = room.doubles(ids.length);
  let nulls: Uint8Array | null = null;
  for (const [i, id] of ids.entries()) {
    const time = known[id]!;
    if (time === null) (nulls ??= new Uint8Array(ids.length))[i] = 1;
    else if (Number.isSafeInteger(time)) values[i] = time;
    else throw refused(place, i, table.keyAt(id)!.v);
  }
  return { values, nulls };
}

const MICROSECONDS: Readonly<Record<Exclude<TimeUnit, "ns">, number>> = {
  day: 86_400_000_000,
  s: 1_000_000,
  ms: 1000,
  us: 1,
};

function timesFromIntegers({ numbers, unit }: TimeColumn, place: Place, room: RowRoom): NumberRows {
  const { length, format } = numbers;
  const wide = format === "i64";
  const words = viewOfNumbers(numbers);
  const nulls = nullsFromValidity(numbers.validity, numbers.bitOffset, length, room);
  const values = room.doubles(length);
  for (let i = 0; i < length; i++) {
    const low = wide ? words[2 * i]! >>> 0 : words[i]!;
    const high = wide ? words[2 * i + 1]! : 0;
    // 2^32 = 4294967 * 1000 + 296: the thousandth of 64 bits, cut, without a product beyond 2^53.
    const time =
      unit === "ns"
        ? high * 4294967 + Math.floor((high * 296 + low) / 1000)
        : (high * 4294967296 + low) * MICROSECONDS[unit];
    if (!Number.isSafeInteger(time) && nulls?.[i] !== 1) {
      const value = wide ? (BigInt(high) << 32n) | BigInt(low) : low;
      throw refused(place, i, `${value} ${unit}`);
    }
    values[i] = time;
  }
  return { values, nulls };
}

function refused(place: Place, row: number, got: unknown): Error {
  return refusal(
    "LF_BAD_TIME",
    place,
    row,
    `${formatGot(got)} is no time; give seconds since 1970, or a text such as 2026-03-01T12:00:00Z.`,
    { got: String(got) },
  );
}
