import { LOSSES, type ParameterInfo } from "@lossflow/core";
import { UsageError } from "./usage-error.ts";

/** A loss as the registry takes it, its id and its parameters in snake_case; with a name or columns of its own. */
export interface LossSpec extends OwnColumns {
  readonly loss: string;
  readonly params: Readonly<Record<string, unknown>>;
}

interface OwnColumns {
  readonly name?: string;
  readonly target?: string | readonly string[];
  readonly prediction?: string | readonly string[];
  readonly weight?: string;
  readonly variance?: string;
}

/** What stands among the parameters and is none; several columns are a JSON array or a pattern. */
const OWN: ReadonlyMap<string, keyof OwnColumns> = new Map([
  ["name", "name"],
  ["target", "target"],
  ["prediction", "prediction"],
  ["weight", "weight"],
  ["var", "variance"],
]);

/** A number that JSON does not write, such as `.5`, `1.` or `+2`. */
const LOOSE_NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * Reads `--loss ID[:k=v,...]` (each becomes one result, in this order; `target`, `prediction`, `weight`, `var` and `name`
 * are columns and a name of its own) and `--param k=v`, short for one loss only.
 * Values are JSON (`true`, `0.25`, `[1,2,3]`); what is not, is text (`convention=torch`), and so are the words a
 * parameter may be, whatever they look like (`labels=01`).
 * @throws LF_USAGE where a part is not `k=v`, a parameter is given twice, or `--param` meets several losses.
 */
export function lossSpecsFromText(losses: readonly string[], params: readonly string[] = []): LossSpec[] {
  const specs = losses.map(lossSpecFromText);
  if (params.length === 0) return specs;
  if (specs.length === 0) throw new UsageError("--param belongs to a loss, and none was given.");
  if (specs.length !== 1) {
    throw new UsageError(
      `--param belongs to one loss, and ${specs.length} were given: write --loss ${specs[0]!.loss}:${params[0]} instead.`,
    );
  }
  return [
    {
      ...specs[0]!,
      params: paramsFrom(specs[0]!.loss, params, "--param", new Map(Object.entries(specs[0]!.params))),
    },
  ];
}

/** A metric as the engine takes it, with a name or columns of its own. */
export interface MetricSpec extends OwnColumns {
  readonly metric: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** Reads `--metric ID[:k=v,...]` as `--loss` is read. @throws LF_USAGE */
export function metricSpecsFromText(metrics: readonly string[] = []): MetricSpec[] {
  return metrics.map((text) => {
    const { id, ...spec } = specFromText("--metric", "accuracy or f1:threshold=0.3", text);
    return { ...spec, metric: id };
  });
}

function lossSpecFromText(text: string): LossSpec {
  const { id, ...spec } = specFromText("--loss", "mse or huber:delta=0.5", text);
  return { ...spec, loss: id };
}

function specFromText(
  flag: string,
  such: string,
  text: string,
): OwnColumns & { id: string; params: Record<string, unknown> } {
  const colon = text.indexOf(":");
  const id = (colon < 0 ? text : text.slice(0, colon)).trim();
  if (id === "") throw new UsageError(`${flag} takes an id such as ${such}, not ${JSON.stringify(text)}.`);
  const parts = colon < 0 ? [] : splitOutsideBrackets(text.slice(colon + 1));
  const given = Object.entries(paramsFrom(id, parts, flag, new Map()));
  return {
    ...Object.fromEntries(
      given.flatMap(([name, value]) => {
        const own = OWN.get(name);
        return own === undefined ? [] : [[own, namesFrom(value)]];
      }),
    ),
    id,
    params: Object.fromEntries(given.filter(([name]) => !OWN.has(name))),
  };
}

/** A name may look like a number. */
function namesFrom(value: unknown): string | string[] {
  return Array.isArray(value) ? value.map(String) : String(value);
}

function paramsFrom(
  loss: string,
  parts: readonly string[],
  flag: string,
  params: Map<string, unknown>,
): Record<string, unknown> {
  const known = LOSSES.find(({ id }) => id === loss)?.parameters ?? [];
  for (const part of parts) {
    const equals = part.indexOf("=");
    const name = part.slice(0, equals).trim();
    if (equals < 0 || name === "") {
      throw new UsageError(
        `${flag} takes parameters as name=value, not ${JSON.stringify(part)}; a list stands in brackets: name=[1,2].`,
      );
    }
    if (params.has(name)) throw new UsageError(`The parameter ${name} is given twice; give it once.`);
    params.set(
      name,
      valueFrom(
        part.slice(equals + 1).trim(),
        known.find((parameter) => parameter.name === name),
      ),
    );
  }
  return Object.fromEntries(params);
}

function valueFrom(text: string, parameter: ParameterInfo | undefined): unknown {
  if (parameter?.choices?.includes(text) || (parameter?.kind === "choice" && !text.startsWith('"')))
    return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return LOOSE_NUMBER.test(text) ? Number(text) : text;
  }
}

/** Splits at commas that stand outside [ ], { } and quotes. */
function splitOutsideBrackets(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quoted = false;
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if (char === '"' && text[i - 1] !== "\\") quoted = !quoted;
    else if (quoted) continue;
    else if (char === "[" || char === "{") depth++;
    else if (char === "]" || char === "}") depth--;
    else if (char === "," && depth === 0) {
      parts.push(text.slice(from, i));
      from = i + 1;
    }
  }
  parts.push(text.slice(from));
  return parts;
}
