import binaryen from "assemblyscript/binaryen";

/*
 * What operations on vectors do with an i64 that is half of one: `m` is the module, `op` the operation, and each gives a
 * function of the halves. Doubles are one lane of a half, words of 32 bits are two.
 */

/** An operation that the kernels did not use so far. */
export const unknown = (what, which) =>
  new Error(`The lowering of vectors knows no ${what} ${which} yet: add it in packages/wasm-build.`);

export const lowWord = (m, half) => m.i32.wrap(half);
export const highWord = (m, half) => m.i32.wrap(m.i64.shr_u(half, m.i64.const(32n)));
export const joined = (m, low, high) =>
  m.i64.or(m.i64.extend_u(low), m.i64.shl(m.i64.extend_u(high), m.i64.const(32n)));

/** What each lane of a splat holds; undefined where it is another operation. */
export function splatOf(m, op) {
  return new Map([
    [binaryen.SplatVecF64x2, (x) => m.i64.reinterpret(x)],
    [binaryen.SplatVecI64x2, (x) => x],
  ]).get(op);
}

export function unaryOf(m, op) {
  const real = (f) => (half) => m.i64.reinterpret(f(m.f64.reinterpret(half)));
  const lane = new Map([
    [binaryen.AbsVecF64x2, real((x) => m.f64.abs(x))],
    [binaryen.NegVecF64x2, real((x) => m.f64.neg(x))],
    [binaryen.SqrtVecF64x2, real((x) => m.f64.sqrt(x))],
    [binaryen.CeilVecF64x2, real((x) => m.f64.ceil(x))],
    [binaryen.FloorVecF64x2, real((x) => m.f64.floor(x))],
    [binaryen.TruncVecF64x2, real((x) => m.f64.trunc(x))],
    [binaryen.NearestVecF64x2, real((x) => m.f64.nearest(x))],
    [binaryen.NotVec128, (half) => m.i64.xor(half, m.i64.const(-1n))],
    [binaryen.NegVecI64x2, (half) => m.i64.sub(m.i64.const(0n), half)],
  ]).get(op);
  if (lane === undefined) throw unknown("unary operation", op);
  return lane;
}

/** Each takes functions that read the operands, as some are read twice. */
export function binaryOf(m, op) {
  const f = (half) => m.f64.reinterpret(half);
  const real = (name) => (a, b) => m.i64.reinterpret(m.f64[name](f(a()), f(b())));
  const whole = (name) => (a, b) => m.i64[name](a(), b());
  const mask = (truth) => m.i64.sub(m.i64.const(0n), m.i64.extend_u(truth));
  const compared = (name) => (a, b) => mask(m.f64[name](f(a()), f(b())));
  const comparedWhole = (name) => (a, b) => mask(m.i64[name](a(), b()));
  const chosen = (truth, a, b) => m.select(truth, a, b);
  const words = (each) => (a, b) =>
    joined(m, each(lowWord(m, a()), lowWord(m, b())), each(highWord(m, a()), highWord(m, b())));
  const word = (name) => words((a, b) => m.i32[name](a, b));
  const least = (compare) => (a, b) => {
    const each = (part) => chosen(m.i32[compare](part(m, a()), part(m, b())), part(m, a()), part(m, b()));
    return joined(m, each(lowWord), each(highWord));
  };
  const singles = (name) =>
    words((a, b) => m.i32.sub(m.i32.const(0), m.f32[name](m.f32.reinterpret(a), m.f32.reinterpret(b))));
  const lane = new Map([
    [binaryen.AddVecF64x2, real("add")],
    [binaryen.SubVecF64x2, real("sub")],
    [binaryen.MulVecF64x2, real("mul")],
    [binaryen.DivVecF64x2, real("div")],
    [binaryen.MinVecF64x2, real("min")],
    [binaryen.MaxVecF64x2, real("max")],
    [binaryen.PMinVecF64x2, (a, b) => chosen(m.f64.lt(f(b()), f(a())), b(), a())],
    [binaryen.PMaxVecF64x2, (a, b) => chosen(m.f64.lt(f(a()), f(b())), b(), a())],
    [binaryen.EqVecF64x2, compared("eq")],
    [binaryen.NeVecF64x2, compared("ne")],
    [binaryen.LtVecF64x2, compared("lt")],
    [binaryen.LeVecF64x2, compared("le")],
    [binaryen.GtVecF64x2, compared("gt")],
    [binaryen.GeVecF64x2, compared("ge")],
    [binaryen.EqVecF32x4, singles("eq")],
    [binaryen.NeVecF32x4, singles("ne")],
    [binaryen.LtVecF32x4, singles("lt")],
    [binaryen.LeVecF32x4, singles("le")],
    [binaryen.GtVecF32x4, singles("gt")],
    [binaryen.GeVecF32x4, singles("ge")],
    [binaryen.AddVecI64x2, whole("add")],
    [binaryen.SubVecI64x2, whole("sub")],
    [binaryen.MulVecI64x2, whole("mul")],
    [binaryen.EqVecI64x2, comparedWhole("eq")],
    [binaryen.NeVecI64x2, comparedWhole("ne")],
    [binaryen.LtSVecI64x2, comparedWhole("lt_s")],
    [binaryen.GtSVecI64x2, comparedWhole("gt_s")],
    [binaryen.AndVec128, whole("and")],
    [binaryen.OrVec128, whole("or")],
    [binaryen.XorVec128, whole("xor")],
    [binaryen.AndNotVec128, (a, b) => m.i64.and(a(), m.i64.xor(b(), m.i64.const(-1n)))],
    [binaryen.AddVecI32x4, word("add")],
    [binaryen.SubVecI32x4, word("sub")],
    [binaryen.MulVecI32x4, word("mul")],
    [binaryen.GtSVecI32x4, words((a, b) => m.i32.sub(m.i32.const(0), m.i32.gt_s(a, b)))],
    [binaryen.MaxUVecI32x4, least("gt_u")],
    [binaryen.MinUVecI32x4, least("lt_u")],
    [binaryen.MaxSVecI32x4, least("gt_s")],
    [binaryen.MinSVecI32x4, least("lt_s")],
  ]).get(op);
  if (lane === undefined) throw unknown("binary operation", op);
  return lane;
}

export function shiftOf(m, op) {
  const whole = (name) => (half, count) => m.i64[name](half(), m.i64.extend_u(count()));
  const word = (name) => (half, count) =>
    joined(m, m.i32[name](lowWord(m, half()), count()), m.i32[name](highWord(m, half()), count()));
  const lane = new Map([
    [binaryen.ShlVecI64x2, whole("shl")],
    [binaryen.ShrUVecI64x2, whole("shr_u")],
    [binaryen.ShrSVecI64x2, whole("shr_s")],
    [binaryen.ShlVecI32x4, word("shl")],
    [binaryen.ShrUVecI32x4, word("shr_u")],
    [binaryen.ShrSVecI32x4, word("shr_s")],
  ]).get(op);
  if (lane === undefined) throw unknown("shift", op);
  return lane;
}
