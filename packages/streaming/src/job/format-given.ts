/** A refusal shows this many characters of what was given at most. */
const MOST_SHOWN = 100;

/** Shows what was given as a refusal has it: as a program writes it, or its type where it has no text. */
export function formatGiven(given: unknown): string {
  const text = textOf(given) ?? typeof given;
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}...` : text;
}

function textOf(given: unknown): string | undefined {
  if (typeof given === "number") return String(given);
  if (typeof given === "bigint") return `${given}n`;
  try {
    return JSON.stringify(given);
  } catch {
    return undefined;
  }
}
