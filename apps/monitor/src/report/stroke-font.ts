/**
 * A small font of strokes: each stroke is a chain of points, two digits a point, x to the right from 0, y down from 0 at
 * the height of a capital to 6 on the line and 8 below it. A single point doubled is a dot.
 */
const GLYPHS: Readonly<Record<string, string>> = {
  " ": "",
  "!": "0004 0606",
  '"': "0001 2021",
  "#": "1016 3036 0242 0444",
  $: "413010010213334445361605 2026",
  "%": "0640 0101 4545",
  "&": "46111020310405163644",
  "'": "0001",
  "(": "10010516",
  ")": "00111506",
  "*": "2125 0244 0442",
  "+": "0343 2125",
  ",": "1607",
  "-": "0333",
  ".": "0606",
  "/": "0640",
  "0": "100105163645413010 1531",
  "1": "112026 1636",
  "2": "01103041420646",
  "3": "01103041423313 334445361605",
  "4": "36300444",
  "5": "400003334445361605",
  "6": "413010010516364544331304",
  "7": "004016",
  "8": "100102133344453616050413 3342413010",
  "9": "051636454130100102133342",
  ":": "0202 0606",
  ";": "1212 1607",
  "<": "310335",
  "=": "0242 0444",
  ">": "013305",
  "?": "01103041422324 2626",
  "@": "4534232414253545 4541301001051636",
  A: "062046 1434",
  B: "06003041423303 3344453606",
  C: "4130100105163645",
  D: "06002042442606",
  E: "40000646 0333",
  F: "400006 0333",
  G: "41301001051636454323",
  H: "0006 4046 0343",
  I: "0020 1016 0626",
  J: "404536160504",
  K: "0006 400346",
  L: "000646",
  M: "0600234046",
  N: "06004640",
  O: "100105163645413010",
  P: "06003041423303",
  Q: "100105163645413010 3446",
  R: "06003041423303 2346",
  S: "413010010213334445361605",
  T: "0040 2026",
  U: "000516364540",
  V: "002640",
  W: "0016223640",
  X: "0046 4006",
  Y: "002340 2326",
  Z: "00400646",
  "[": "10000616",
  "\\": "0046",
  "]": "00101606",
  "^": "022042",
  _: "0747",
  "`": "0011",
  a: "12324346 441405163645",
  b: "0006 0312324345361605",
  c: "4332120305163645",
  d: "4046 4332120305163645",
  e: "04444332120305163645",
  f: "30201116 0232",
  g: "4332120305163645 4247381807",
  h: "0006 0312324346",
  i: "0206 0000",
  j: "121708 1010",
  k: "0006 320436",
  l: "0006",
  m: "0206 03122326 23324346",
  n: "0206 0312324346",
  o: "120305163645433212",
  p: "0208 0312324345361605",
  q: "4248 4332120305163645",
  r: "0206 031232",
  s: "43321203143445361605",
  t: "10152636 0232",
  u: "0205163645 4246",
  v: "022642",
  w: "0216233642",
  x: "0246 4206",
  y: "0226 4218",
  z: "02420646",
  "{": "20111203141526",
  "|": "0008",
  "}": "00111223141506",
  "~": "04132433",
  "…": "0606 2626 4646",
  "·": "0404",
  "×": "0246 4206",
};
/** What stands for a character that the font lacks. */
const BOX = "0040460600";
/** A unit of the grid, as a share of the font size; columns between letters, and the width of a space. */
const UNIT = 0.117;
const GAP = 2;
const SPACE = 2;

/** A stroke as a chain of points, in pixels. */
export type Stroke = readonly (readonly [x: number, y: number])[];

/** Text as strokes from `(0, 0)` on the line, and its width. Letters with accents stand without them. */
export function strokesOfText(
  text: string,
  size: number,
): { readonly strokes: readonly Stroke[]; readonly width: number } {
  const unit = size * UNIT;
  const strokes: Stroke[] = [];
  let left = 0;
  for (const char of text.normalize("NFD").replace(/\p{M}/gu, "")) {
    const glyph = Object.hasOwn(GLYPHS, char) ? GLYPHS[char]! : BOX;
    let right = glyph === "" ? SPACE : 0;
    for (const chain of glyph.split(" ").filter(Boolean)) {
      const stroke: [number, number][] = [];
      for (let k = 0; k < chain.length; k += 2) {
        const x = Number(chain[k]);
        right = Math.max(right, x);
        stroke.push([(left + x) * unit, (Number(chain[k + 1]) - 6) * unit]);
      }
      strokes.push(stroke);
    }
    left += right + GAP;
  }
  return { strokes, width: Math.max(0, left - GAP) * unit };
}
