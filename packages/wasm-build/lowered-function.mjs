import binaryen from "assemblyscript/binaryen";
import {
  binaryOf,
  highWord,
  joined,
  lowWord,
  shiftOf,
  splatOf,
  unaryOf,
  unknown,
} from "./lane-operations.mjs";

/** One function: `plain` rewrites what is no vector, `into` what is one. */
export class LoweredFunction {
  /** The types of the locals behind the parameters. */
  vars = [];
  #module;
  #first;
  #places;
  /** Blocks that give a vector, by name: where it goes. */
  #blocks = new Map();

  constructor(module, parameters, locals) {
    this.#module = module;
    this.#first = parameters;
    this.#places = locals.map((type, i) => {
      if (type === binaryen.v128) return [this.#local(binaryen.i64), this.#local(binaryen.i64)];
      return i < parameters ? i : this.#local(type);
    });
  }

  #local(type) {
    return this.#first + this.vars.push(type) - 1;
  }

  /** Locals for what an expression holds while it is worked out, used again after it. */
  #passing = { i32: [], i64: [] };
  #held = { i32: 0, i64: 0 };

  #temporary(type) {
    const i = this.#held[type]++;
    return (this.#passing[type][i] ??= this.#local(binaryen[type]));
  }

  #releasing(work) {
    const held = { ...this.#held };
    const done = work();
    this.#held = held;
    return done;
  }

  #get(local) {
    return this.#module.local.get(local, binaryen.i64);
  }

  #set([low, high], lowValue, highValue) {
    return [this.#module.local.set(low, lowValue), this.#module.local.set(high, highValue)];
  }

  /** Statements that put a vector into fresh locals, and those. */
  #evaluated(expression) {
    const pair = [this.#temporary("i64"), this.#temporary("i64")];
    return [pair, this.into(expression, pair)];
  }

  /** The expression without vectors, which is none itself. */
  plain(expression) {
    return expression === 0 ? 0 : this.#releasing(() => this.#plain(expression));
  }

  #plain(expression) {
    const m = this.#module;
    const info = binaryen.getExpressionInfo(expression);
    const all = (list) => list.map((child) => this.plain(child));
    const block = (statements, value) => m.block(null, [...statements, value], binaryen.auto);
    switch (info.id) {
      case binaryen.BlockId:
        return m.block(info.name, all(info.children), info.type);
      case binaryen.LoopId:
        return m.loop(info.name, this.plain(info.body));
      case binaryen.IfId:
        return m.if(this.plain(info.condition), this.plain(info.ifTrue), this.plain(info.ifFalse));
      case binaryen.BreakId: {
        const pair = this.#blocks.get(info.name);
        if (pair === undefined || info.value === 0) {
          return m.br(info.name, this.plain(info.condition), this.plain(info.value));
        }
        return block(this.into(info.value, pair), m.br(info.name, this.plain(info.condition)));
      }
      case binaryen.SwitchId:
        return m.switch(info.names, info.defaultName, this.plain(info.condition), this.plain(info.value));
      case binaryen.CallId:
        return m.call(info.target, all(info.operands), info.type);
      case binaryen.LocalGetId:
        return m.local.get(this.#places[info.index], info.type);
      case binaryen.LocalSetId: {
        const place = this.#places[info.index];
        if (Array.isArray(place)) return m.block(null, this.into(info.value, place));
        if (info.isTee) return m.local.tee(place, this.plain(info.value), info.type);
        return m.local.set(place, this.plain(info.value));
      }
      case binaryen.GlobalGetId:
        return m.global.get(info.name, info.type);
      case binaryen.GlobalSetId:
        return m.global.set(info.name, this.plain(info.value));
      case binaryen.DropId:
        return isVector(info.value)
          ? m.block(null, this.#evaluated(info.value)[1])
          : m.drop(this.plain(info.value));
      case binaryen.ReturnId:
        return m.return(this.plain(info.value));
      case binaryen.SelectId:
        return m.select(this.plain(info.condition), this.plain(info.ifTrue), this.plain(info.ifFalse));
      case binaryen.MemoryCopyId:
        return m.memory.copy(this.plain(info.dest), this.plain(info.source), this.plain(info.size));
      case binaryen.MemoryFillId:
        return m.memory.fill(this.plain(info.dest), this.plain(info.value), this.plain(info.size));
      case binaryen.LoadId: {
        const load = new binaryen.Load(expression);
        load.ptr = this.plain(info.ptr);
        return expression;
      }
      case binaryen.StoreId: {
        if (isVector(info.value)) return this.#store(info);
        const store = new binaryen.Store(expression);
        store.ptr = this.plain(info.ptr);
        store.value = this.plain(info.value);
        return expression;
      }
      case binaryen.UnaryId: {
        if (isVector(info.value)) {
          const [pair, statements] = this.#evaluated(info.value);
          return block(statements, this.#report(info.op, ...pair.map((local) => this.#get(local))));
        }
        const unary = new binaryen.Unary(expression);
        unary.value = this.plain(info.value);
        return expression;
      }
      case binaryen.BinaryId: {
        const binary = new binaryen.Binary(expression);
        binary.left = this.plain(info.left);
        binary.right = this.plain(info.right);
        return expression;
      }
      case binaryen.SIMDExtractId: {
        const [pair, statements] = this.#evaluated(info.vec);
        return block(statements, this.#extracted(info.op, pair, info.index));
      }
      case binaryen.SIMDLoadStoreLaneId: {
        const pointer = this.#temporary("i32");
        const [pair, statements] = this.#evaluated(info.vec);
        if (info.op !== binaryen.Store64LaneVec128) throw unknown("lane store", info.op);
        const set = m.local.set(pointer, this.plain(info.ptr));
        const value = this.#get(pair[info.index]);
        const to = m.local.get(pointer, binaryen.i32);
        return m.block(null, [set, ...statements, m.i64.store(info.offset, 1, to, value)]);
      }
      case binaryen.MemorySizeId:
      case binaryen.ConstId:
      case binaryen.NopId:
      case binaryen.UnreachableId:
        return expression;
      default:
        throw unknown("expression", info.id);
    }
  }

  /** Statements that put a vector into two locals. */
  into(expression, to) {
    return this.#releasing(() => this.#into(expression, to));
  }

  #into(expression, to) {
    const m = this.#module;
    const info = binaryen.getExpressionInfo(expression);
    const set = (low, high) => this.#set(to, low, high);
    switch (info.id) {
      case binaryen.LocalGetId:
        return set(...this.#places[info.index].map((local) => this.#get(local)));
      case binaryen.LocalSetId: {
        const place = this.#places[info.index];
        return [...this.into(info.value, place), ...set(...place.map((local) => this.#get(local)))];
      }
      case binaryen.ConstId: {
        const halves = new BigInt64Array(Uint8Array.from(info.value).buffer);
        return set(m.i64.const(halves[0]), m.i64.const(halves[1]));
      }
      case binaryen.BlockId: {
        if (info.name) this.#blocks.set(info.name, to);
        const statements = info.children.map((child, i) => {
          const isValue = i === info.children.length - 1 && isVector(child);
          return isValue ? m.block(null, this.into(child, to)) : this.plain(child);
        });
        return [m.block(info.name, statements)];
      }
      case binaryen.IfId: {
        const branch = (child) => (isVector(child) ? m.block(null, this.into(child, to)) : this.plain(child));
        return [m.if(this.plain(info.condition), branch(info.ifTrue), branch(info.ifFalse))];
      }
      case binaryen.SelectId: {
        const [a, aStatements] = this.#evaluated(info.ifTrue);
        const [b, bStatements] = this.#evaluated(info.ifFalse);
        const chosen = m.block(null, this.#set(to, ...a.map((local) => this.#get(local))));
        const other = m.block(null, this.#set(to, ...b.map((local) => this.#get(local))));
        return [...aStatements, ...bStatements, m.if(this.plain(info.condition), chosen, other)];
      }
      case binaryen.BreakId: {
        // Where it does not break, its value stays.
        const pair = this.#blocks.get(info.name);
        const jump = m.br(info.name, this.plain(info.condition));
        return [...this.into(info.value, pair), jump, ...set(...pair.map((local) => this.#get(local)))];
      }
      case binaryen.LoadId: {
        const pointer = this.#temporary("i32");
        const at = () => m.local.get(pointer, binaryen.i32);
        return [
          m.local.set(pointer, this.plain(info.ptr)),
          ...set(m.i64.load(info.offset, 1, at()), m.i64.load(info.offset + 8, 1, at())),
        ];
      }
      case binaryen.SIMDLoadId: {
        if (info.op !== binaryen.Load64ZeroVec128) throw unknown("load", info.op);
        return set(m.i64.load(info.offset, 1, this.plain(info.ptr)), m.i64.const(0n));
      }
      case binaryen.SIMDLoadStoreLaneId: {
        if (info.op !== binaryen.Load64LaneVec128) throw unknown("lane load", info.op);
        const pointer = this.#temporary("i32");
        const [pair, statements] = this.#evaluated(info.vec);
        const halves = pair.map((local) => this.#get(local));
        halves[info.index] = m.i64.load(info.offset, 1, m.local.get(pointer, binaryen.i32));
        return [m.local.set(pointer, this.plain(info.ptr)), ...statements, ...set(...halves)];
      }
      case binaryen.UnaryId:
        return this.#unary(info, to);
      case binaryen.BinaryId: {
        const lane = binaryOf(m, info.op);
        const [a, aStatements] = this.#evaluated(info.left);
        const [b, bStatements] = this.#evaluated(info.right);
        const half = (i) =>
          lane(
            () => this.#get(a[i]),
            () => this.#get(b[i]),
          );
        return [...aStatements, ...bStatements, ...set(half(0), half(1))];
      }
      case binaryen.SIMDTernaryId: {
        if (info.op !== binaryen.BitselectVec128) throw unknown("ternary operation", info.op);
        const parts = [info.a, info.b, info.c].map((part) => this.#evaluated(part));
        const half = (i) => {
          const [a, b, c] = parts.map(([pair]) => this.#get(pair[i]));
          const mask = this.#get(parts[2][0][i]);
          return m.i64.or(m.i64.and(a, mask), m.i64.and(b, m.i64.xor(c, m.i64.const(-1n))));
        };
        return [...parts.flatMap(([, statements]) => statements), ...set(half(0), half(1))];
      }
      case binaryen.SIMDShiftId: {
        const shift = this.#temporary("i32");
        const [pair, statements] = this.#evaluated(info.vec);
        const count = () => m.local.get(shift, binaryen.i32);
        const lane = shiftOf(m, info.op);
        const half = (i) => lane(() => this.#get(pair[i]), count);
        return [...statements, m.local.set(shift, this.plain(info.shift)), ...set(half(0), half(1))];
      }
      case binaryen.SIMDReplaceId: {
        if (info.op !== binaryen.ReplaceLaneVecF64x2) throw unknown("replacement", info.op);
        const [pair, statements] = this.#evaluated(info.vec);
        const halves = pair.map((local) => this.#get(local));
        halves[info.index] = m.i64.reinterpret(this.plain(info.value));
        return [...statements, ...set(...halves)];
      }
      case binaryen.SIMDShuffleId: {
        const [a, aStatements] = this.#evaluated(info.left);
        const [b, bStatements] = this.#evaluated(info.right);
        const words = [...a, ...b];
        const half = (i) => this.#gathered(words, info.mask.slice(8 * i, 8 * i + 8));
        return [...aStatements, ...bStatements, ...set(half(0), half(1))];
      }
      default:
        throw unknown("vector expression", info.id);
    }
  }

  #store(info) {
    const m = this.#module;
    const pointer = this.#temporary("i32");
    const [[low, high], statements] = this.#evaluated(info.value);
    const at = () => m.local.get(pointer, binaryen.i32);
    return m.block(null, [
      m.local.set(pointer, this.plain(info.ptr)),
      ...statements,
      m.i64.store(info.offset, 1, at(), this.#get(low)),
      m.i64.store(info.offset + 8, 1, at(), this.#get(high)),
    ]);
  }

  #unary({ op, value }, to) {
    const m = this.#module;
    const splat = splatOf(m, op);
    if (splat !== undefined) {
      const [low, high] = to;
      return [m.local.set(low, splat(this.plain(value))), m.local.set(high, this.#get(low))];
    }
    const [pair, statements] = this.#evaluated(value);
    const [low, high] = pair.map((local) => () => this.#get(local));
    if (op === binaryen.PromoteLowVecF32x4ToVecF64x2) {
      const promoted = (word) => m.i64.reinterpret(m.f64.promote(m.f32.reinterpret(word)));
      return [...statements, ...this.#set(to, promoted(lowWord(m, low())), promoted(highWord(m, low())))];
    }
    const lane = unaryOf(m, op);
    return [...statements, ...this.#set(to, lane(low()), lane(high()))];
  }

  /** What an operation on a vector that gives no vector says of two halves. */
  #report(op, low, high) {
    const m = this.#module;
    const zero = m.i64.const(0n);
    if (op === binaryen.AnyTrueVec128) return m.i64.ne(m.i64.or(low, high), zero);
    if (op === binaryen.AllTrueVecI64x2) {
      return m.i32.and(m.i64.ne(low, zero), m.i64.ne(high, m.i64.const(0n)));
    }
    throw unknown("report", op);
  }

  #extracted(op, pair, index) {
    const m = this.#module;
    if (op === binaryen.ExtractLaneVecF64x2) return m.f64.reinterpret(this.#get(pair[index]));
    if (op === binaryen.ExtractLaneVecI64x2) return this.#get(pair[index]);
    const word = (index & 1) === 0 ? lowWord : highWord;
    if (op === binaryen.ExtractLaneVecI32x4) return word(m, this.#get(pair[index >> 1]));
    throw unknown("extraction", op);
  }

  /** Eight bytes of four halves, taken as wholes or as words. */
  #gathered(halves, mask) {
    const m = this.#module;
    const isRun = (bytes) => bytes[0] % bytes.length === 0 && bytes.every((byte, i) => byte === bytes[0] + i);
    const bytes = Array.from(mask);
    if (isRun(bytes)) return this.#get(halves[bytes[0] >> 3]);
    const words = [bytes.slice(0, 4), bytes.slice(4)].map((four) => {
      if (!isRun(four)) throw unknown("shuffle", bytes.join(" "));
      return (four[0] & 4) === 0
        ? lowWord(m, this.#get(halves[four[0] >> 3]))
        : highWord(m, this.#get(halves[four[0] >> 3]));
    });
    return joined(m, words[0], words[1]);
  }
}

/** Whether an expression gives a vector. */
function isVector(expression) {
  return expression !== 0 && binaryen.getExpressionType(expression) === binaryen.v128;
}
