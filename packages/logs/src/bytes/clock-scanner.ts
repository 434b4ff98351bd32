/**
 * Reads calendar stamps from bytes as seconds since 1970-01-01 UTC: `2025-11-25 19:45:01,441`,
 * `2025-11-25T19:45:01.441Z`, `2018-09-29_02-02-06`, `2025/11/25 19:45:01 +0100`. Without a zone a stamp is read as UTC:
 * differences are what logs are asked for.
 */
export class ClockScanner {
  /** The stamp last read, in seconds. */
  value = 0;

  /** Reads the stamp that begins at `start`; returns the index after it, or `start` where there is none. */
  scan(bytes: Uint8Array, start: number, end: number): number {
    if (end - start < 19) return start;
    const year = digits(bytes, start, 4);
    const month = digits(bytes, start + 5, 2);
    const day = digits(bytes, start + 8, 2);
    const hour = digits(bytes, start + 11, 2);
    const minute = digits(bytes, start + 14, 2);
    const second = digits(bytes, start + 17, 2);
    if (year < 0 || month < 1 || day < 1 || hour < 0 || minute < 0 || second < 0) return start;
    const dash = bytes[start + 4]!;
    const gap = bytes[start + 10]!;
    const colon = bytes[start + 13]!;
    if ((dash !== 45 && dash !== 47) || bytes[start + 7] !== dash) return start;
    if (gap !== 32 && gap !== 84 && gap !== 95 && gap !== 44) return start;
    if ((colon !== 58 && colon !== 45) || bytes[start + 16] !== colon) return start;
    let i = start + 19;
    let value = Date.UTC(year, month - 1, day, hour, minute, second) / 1000;
    if ((bytes[i] === 46 || bytes[i] === 44) && i + 1 < end && digits(bytes, i + 1, 1) >= 0) {
      let scale = 0.1;
      for (i++; i < end && digits(bytes, i, 1) >= 0; i++, scale /= 10) value += scale * digits(bytes, i, 1);
    }
    if (i < end && bytes[i] === 90) i++;
    else {
      const at = bytes[i] === 32 ? i + 1 : i;
      const sign = at < end ? bytes[at]! : 0;
      const minutesAt = bytes[at + 3] === 58 ? at + 4 : at + 3;
      if ((sign === 43 || sign === 45) && minutesAt + 2 <= end) {
        const hours = digits(bytes, at + 1, 2);
        const minutes = digits(bytes, minutesAt, 2);
        if (hours >= 0 && minutes >= 0) {
          value += (sign === 45 ? 60 : -60) * (hours * 60 + minutes);
          i = minutesAt + 2;
        }
      }
    }
    this.value = value;
    return i;
  }
}

/** The number that `count` digits at `at` spell; -1 where one of them is none. */
function digits(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let i = at; i < at + count; i++) {
    const digit = bytes[i]! - 48;
    if (!(digit >= 0 && digit <= 9)) return -1;
    value = value * 10 + digit;
  }
  return value;
}
