import type { LineField } from "./line-reading.ts";

/** A place that a line names: where its name begins, and its field. */
export interface LinePlace {
  readonly nameStart: number;
  readonly start: number;
  readonly end: number;
  readonly field: LineField;
}

const PLACE =
  /(?<!\b(?:over|per) )\b(epoch|step|iter(?:ation)?|round)\b\]?\s*[:#=]?\s*\[?\s*(\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?=[\s,:;|\])/]|$)/gi;
/** What counts where there is no step: episodes; batches of so many, or where the line begins with them or goes on behind an epoch. */
const COUNTED = [
  /\b(?:episode|ep|generation)\b\s*[:#=]?\s*\[?\s*(\d+)(?=[\s,:;|\])/]|$)/i,
  /\b(?:mini-?)?batch\b\s*[:#=]?\s*\[?\s*(\d+)(?=\s*(?:\/|of)\s*\d)/i,
  /^(?:[^\w]*|.*\bepoch\b.*)(?<![/\w-])batch\b\s*[:#=]?\s*(\d+)(?=\s*[,:;|)-])/i,
  /^\s*(?:(?:[tikn]|itr?)\s*[:=]\s*|(?:itr?\.?|no\.|#)\s*)\[?(\d+)(?=[\s,:;|\])/]|$)/i,
  /^\s*\[?(\d+)\]?\s*[|:]\s*(?=[A-Za-z])/,
];
/** How many steps there are, behind one: `[50/100]`, `50 of 100`. */
const LENGTH = /^\s*(?:\/|of)\s*(\d+)(?!\d|[.,]\d)/;

/** `Epoch [3/10]`, `step 250`, `Iteration: 7`: the first of each kind. */
export function placesOf(line: string, from: number): LinePlace[] {
  const places: LinePlace[] = [];
  for (const match of line.slice(from).matchAll(PLACE)) {
    const [whole, word, number] = match as unknown as [string, string, string];
    const role = /^epoch$/i.test(word) ? "epoch" : "step";
    if (places.some(({ field }) => field.role === role)) continue;
    const nameStart = from + match.index;
    const end = nameStart + whole.length;
    const start = end - number.length;
    const grouped = number.includes(",") ? { grouped: true } : {};
    places.push({ nameStart, start, end, field: { start, end, role, ...grouped } });
  }
  const counted = /step|iter/i.test(line) ? null : countedOf(line.slice(from));
  if (counted !== null && !places.some(({ field }) => field.role === "step")) {
    const number = counted[1]!;
    const nameStart = from + counted.index;
    const start = nameStart + counted[0].lastIndexOf(number);
    const end = start + number.length;
    places.push({ nameStart, start, end, field: { start, end, role: "step" } });
  }
  const length = lengthOf(line, places);
  return length === null ? places : [...places, length];
}

/** The steps of an epoch: `Epoch [2/3], Step [50/100]`. */
function lengthOf(line: string, places: readonly LinePlace[]): LinePlace | null {
  const step = places.find(({ field }) => field.role === "step");
  const epoch = places.find(({ field }) => field.role === "epoch");
  if (step === undefined || epoch === undefined || epoch.start > step.start || step.field.grouped === true)
    return null;
  const match = LENGTH.exec(line.slice(step.end, step.end + 40));
  if (match === null) return null;
  const end = step.end + match[0].length;
  const start = end - match[1]!.length;
  return { nameStart: step.end, start, end, field: { start, end, role: "length" } };
}

function countedOf(message: string): RegExpExecArray | null {
  for (const pattern of COUNTED) {
    const match = pattern.exec(message);
    if (match !== null) return match;
  }
  return null;
}
