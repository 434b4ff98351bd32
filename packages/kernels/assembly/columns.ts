/*
 * Columns of any number type, read as doubles. The types are numbered as COLUMN_TYPES in src/column-type.ts.
 */
export const F32: i32 = 0;
export const F64: i32 = 1;

/**
 * How many bytes ahead of their turn loops over columns of distances touch memory, so that it is there in time: nearer is
 * too late, further too much.
 */
export const AHEAD: usize = 320;

/** Whether memory goes on that far behind an address. */
export function goesOn(address: usize): bool {
  return (address + AHEAD) >>> 16 < <usize>memory.size();
}

/** Bytes of one number. */
export function widthOf(type: i32): usize {
  if (type == 0 || type == 6 || type == 7) return 4;
  if (type == 1 || type == 8 || type == 9) return 8;
  return type < 4 ? 1 : 2;
}

/**
 * Writes `count` numbers from `first` on as doubles, and copies of the last behind them up to a multiple of 8: a
 * kernel works on whole groups, and what it makes of the copies is dropped.
 * @returns where they stand: the column itself where it is of doubles and needs no copies.
 */
export function toDoubles(column: usize, type: i32, first: i32, count: i32, out: usize): usize {
  const from = column + <usize>first * widthOf(type);
  if (type == F64 && (count & 7) == 0) return from;
  switch (type) {
    case 0: copy<f32>(from, count, out); break;
    case 1: copy<f64>(from, count, out); break;
    case 2: copy<i8>(from, count, out); break;
    case 3: copy<u8>(from, count, out); break;
    case 4: copy<i16>(from, count, out); break;
    case 5: copy<u16>(from, count, out); break;
    case 6: copy<i32>(from, count, out); break;
    case 7: copy<u32>(from, count, out); break;
    case 8: copy<i64>(from, count, out); break;
    default: copy<u64>(from, count, out);
  }
  for (let i = count; (i & 7) != 0; i++) {
    store<f64>(out + (<usize>i << 3), load<f64>(out + (<usize>(count - 1) << 3)));
  }
  return out;
}

// @ts-ignore: decorator
@inline
function copy<T>(from: usize, count: i32, out: usize): void {
  let i = 0;
  if (isFloat<T>() && sizeof<T>() == 4) {
    for (; i + 4 <= count; i += 4) {
      const at = from + (<usize>i << 2);
      const to = out + (<usize>i << 3);
      v128.store(to, f64x2.promote_low_f32x4(v128.load64_zero(at)));
      v128.store(to, f64x2.promote_low_f32x4(v128.load64_zero(at, 8)), 16);
    }
  }
  for (; i < count; i++) store<f64>(out + (<usize>i << 3), <f64>load<T>(from + <usize>i * sizeof<T>()));
}

/** Whether one of `count` numbers, a multiple of 4, is below 0 or above 1; NaN is not. */
export function isOutsideUnit<T>(values: usize, count: i32): bool {
  let out = i64x2.splat(0);
  const end = values + <usize>count * sizeof<T>();
  for (let at = values; at < end; at += 16) {
    const x = v128.load(at);
    if (sizeof<T>() == 4) {
      out = v128.or(out, v128.or(f32x4.lt(x, f32x4.splat(0)), f32x4.gt(x, f32x4.splat(1))));
    } else {
      out = v128.or(out, v128.or(f64x2.lt(x, f64x2.splat(0)), f64x2.gt(x, f64x2.splat(1))));
    }
  }
  return v128.any_true(out);
}
