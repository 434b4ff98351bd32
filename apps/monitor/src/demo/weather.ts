import { LossflowError } from "@lossflow/core";

/** One day's weather at one place. */
export interface WeatherDay {
  /** Year-month-day. */
  readonly date: string;
  /** Fraction of the year gone by, in [0, 1). */
  readonly season: number;
  /** mm */
  readonly precipitation: number;
  /** The day's highest temperature, °C. */
  readonly maximum: number;
  /** The day's lowest temperature, °C. */
  readonly minimum: number;
  /** m/s */
  readonly wind: number;
  readonly snow: boolean;
}

const HEADER = "date,precipitation,temp_max,temp_min,wind,weather";

/**
 * Reads the days of `data/seattle-weather.csv`, oldest first.
 *
 * @throws LF_DEMO_DATA, with the line, where the file is not the one that comes with this package.
 */
export function weatherFromCsv(text: string): WeatherDay[] {
  const [header, ...lines] = text.trimEnd().split(/\r?\n/);
  if (header !== HEADER) throw damaged(1);
  return lines.map((line, index) => {
    const cells = line.split(",");
    const [date = "", weather = ""] = [cells[0], cells[5]];
    const [precipitation = NaN, maximum = NaN, minimum = NaN, wind = NaN] = cells.slice(1, 5).map(Number);
    const season = seasonOf(date);
    if (cells.length !== 6 || !Number.isFinite(season + precipitation + maximum + minimum + wind)) {
      throw damaged(index + 2);
    }
    return { date, season, precipitation, maximum, minimum, wind, snow: weather === "snow" };
  });
}

function seasonOf(date: string): number {
  const newYear = Date.parse(`${date.slice(0, 4)}-01-01`);
  const nextNewYear = Date.parse(`${Number(date.slice(0, 4)) + 1}-01-01`);
  return (Date.parse(date) - newYear) / (nextNewYear - newYear);
}

function damaged(line: number): LossflowError {
  return new LossflowError(
    "LF_DEMO_DATA",
    `The demo's data, seattle-weather.csv, is damaged at line ${line}; install lossflow again.`,
    { line },
  );
}
