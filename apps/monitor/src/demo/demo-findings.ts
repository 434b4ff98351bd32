import { formatNameList } from "../format/name-list.ts";
import { formatCount } from "../format/number-text.ts";
import { logLossOfShare, type DemoResults, type SnowScore, type TemperatureScore } from "./demo-results.ts";

/** Below this many °C a change of the error is not worth a word. */
const NOTICEABLE = 0.05;

/** Says in sentences what the figures show; other figures make other sentences. */
export function computeFindings(results: DemoResults): string[] {
  return [...temperatureFindings(results), ...snowFindings(results)];
}

function temperatureFindings({ temperature, sameAsToday }: DemoResults): string[] {
  const clean = temperature.filter((score) => !score.faults);
  const changes = clean
    .map((before) => {
      const after = temperature.find((score) => score.faults && score.title === before.title) ?? before;
      return { title: before.title, after, change: after.error - before.error };
    })
    .sort((a, b) => b.change - a.change);
  const [worst, best] = [changes[0], changes.at(-1)];
  if (worst === undefined || best === undefined) return [];
  const listed = formatNameList(
    changes.map(({ title, change }) => `${signed(change)} °C under ${title}`),
    "and",
  );
  const verdict =
    worst.change < NOTICEABLE
      ? "none of them suffered from the faults"
      : `${worst.title} suffered most, and its model now says ${lean(worst.after)}`;
  const behind = temperature.filter((score) => score.error >= sameAsToday);
  const beaten = behind.map((score) => `${score.title} ${score.faults ? "with" : "without"} faults`);
  return [
    `The faults changed the error on days it has not seen by ${listed}: ${verdict}.`,
    beaten.length === 0
      ? `Every model beats "the same as today".`
      : `"The same as today" is no worse than ${formatNameList(beaten, "and")}.`,
  ];
}

function snowFindings({ snow, snowDays, days }: DemoResults): string[] {
  if (snow.length === 0) return [];
  const most = bestBy(snow, (score) => score.found);
  const fewest = bestBy(snow, (score) => -score.falseAlarms);
  const ranking = bestBy(snow, (score) => score.averagePrecision);
  const probability = bestBy(snow, (score) => -score.logLoss);
  const bar = logLossOfShare(snowDays / days);
  const worse = snow.filter((score) => score.logLoss > bar).map((score) => score.title);
  return [
    `Of ${snowDays} snow days among ${formatCount(days)}, ${most.title} found most (${most.found}, with ` +
      `${most.falseAlarms} false alarms); ${fewest.title} raised the fewest false alarms ` +
      `(${fewest.falseAlarms}, finding ${fewest.found}).`,
    (ranking === probability
      ? `${capital(ranking.title)} both ranks the days best and gives the best probabilities`
      : `${capital(ranking.title)} ranks the days best, ${probability.title} gives the best probabilities`) +
      (worse.length === 0
        ? "."
        : `; those of ${formatNameList(worse, "and")} are worse than saying ${percent(snowDays / days)} every day.`),
  ];
}

function bestBy(scores: readonly SnowScore[], worth: (score: SnowScore) => number): SnowScore {
  return scores.reduce((best, score) => (worth(score) > worth(best) ? score : best));
}

function lean({ bias }: TemperatureScore): string {
  return `${Math.abs(bias).toFixed(1)} °C too ${bias > 0 ? "warm" : "cold"} on average`;
}

function signed(change: number): string {
  return `${change < 0 ? "-" : "+"}${Math.abs(change).toFixed(2)}`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
