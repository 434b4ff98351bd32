import { formatNameList } from "../format/name-list.ts";
import { formatCount } from "../format/number-text.ts";
import { logLossOfShare, type DemoResults, type SnowScore, type TemperatureScore } from "./demo-results.ts";

/** Below this many °C a change of the error is not worth a word. */
const NOTICEABLE = 0.05;
/** About the standard error of an average precision with 26 positives: nearer than this, the order is chance. */
const SAME_RANKING = 0.1;
/** A model that settles in less than this share of another's epochs is clearly the faster one. */
const CLEARLY_FASTER = 0.5;

/** Says in sentences what the figures show; other figures make other sentences. */
export function computeFindings(results: DemoResults): string[] {
  const { temperature, snow } = results;
  const clean = temperature.filter((score) => !score.faults);
  return [
    ...(clean.length > 0
      ? [faultFinding(clean, temperature), baselineFinding(results), speedFinding(clean)]
      : []),
    ...(snow.length > 0
      ? [detectionFinding(results), rankingFinding(snow), probabilityFinding(results)]
      : []),
  ];
}

function faultFinding(clean: readonly TemperatureScore[], all: readonly TemperatureScore[]): string {
  const changes = clean
    .map((before) => {
      const after = all.find((score) => score.faults && score.title === before.title) ?? before;
      return { title: before.title, after, change: after.error - before.error };
    })
    .sort((a, b) => b.change - a.change);
  const listed = formatNameList(
    changes.map(({ title, change }) => `${signed(change)} °C under ${title}`),
    "and",
  );
  const worst = changes[0]!;
  const verdict =
    worst.change < NOTICEABLE
      ? "none of them suffered"
      : `${worst.title} suffered most, and its model now says ${lean(worst.after)}`;
  return `The faults changed the error on days not seen before by ${listed}: ${verdict}.`;
}

function baselineFinding({ temperature, sameAsToday }: DemoResults): string {
  const behind = temperature.filter((score) => score.error >= sameAsToday);
  if (behind.length === 0) return 'Every model does better than saying "the same as today".';
  const names = behind.map(
    ({ title, faults, error }) =>
      `${title} on days ${faults ? "with" : "without"} faults (${error.toFixed(2)} °C)`,
  );
  const worse = behind.every((score) => score.error - sameAsToday >= NOTICEABLE) ? "worse" : "no better";
  return `Trained with ${formatNameList(names, "and")}, a model does ${worse} than saying "the same as today" (${sameAsToday.toFixed(2)} °C).`;
}

function speedFinding(clean: readonly TemperatureScore[]): string {
  const bySpeed = clean.toSorted((a, b) => a.settled - b.settled);
  const [fastest, next, slowest] = [bySpeed[0]!, bySpeed[1] ?? bySpeed[0]!, bySpeed.at(-1)!];
  return fastest.settled <= CLEARLY_FASTER * next.settled
    ? `${fastest.title} settles soonest, at epoch ${fastest.settled}; ${slowest.title} last, at ${slowest.settled}.`
    : `None of them settles clearly sooner than the others (epochs ${fastest.settled} to ${slowest.settled}).`;
}

function detectionFinding({ snow, snowDays, days }: DemoResults): string {
  const found = Math.max(...snow.map((score) => score.found));
  const falseAlarms = Math.min(...snow.map((score) => score.falseAlarms));
  const most = snow.filter((score) => score.found === found);
  const fewest = snow.filter((score) => score.falseAlarms === falseAlarms);
  const of = `Of ${snowDays} snow days among ${formatCount(days)},`;
  if (most.length === 1 && fewest.length === 1 && most[0] === fewest[0]) {
    return `${of} ${most[0]!.title} found most (${found}) and raised the fewest false alarms (${falseAlarms}).`;
  }
  const falseOf = listOf(most, (score) => `${score.falseAlarms}`);
  const foundOf = listOf(fewest, (score) => `${score.found}`);
  return (
    `${of} ${titles(most)} found most (${found}, with ${falseOf} false alarms); ` +
    `${titles(fewest)} raised the fewest false alarms (${falseAlarms}, finding ${foundOf}).`
  );
}

function titles(scores: readonly SnowScore[]): string {
  return listOf(scores, ({ title }) => title);
}

function listOf(scores: readonly SnowScore[], text: (score: SnowScore) => string): string {
  return formatNameList(scores.map(text), "and");
}

function rankingFinding(snow: readonly SnowScore[]): string {
  const best = bestBy(snow, (score) => score.averagePrecision);
  const near = snow
    .filter((score) => best.averagePrecision - score.averagePrecision < SAME_RANKING)
    .sort((a, b) => b.averagePrecision - a.averagePrecision);
  const names = formatNameList(
    near.map((score) => `${score.title} (${score.averagePrecision.toFixed(2)})`),
    "and",
  );
  return near.length === 1
    ? `${capital(names)} ranks the days best.`
    : `${capital(names)} rank the days equally well, as far as so few snow days can tell.`;
}

function probabilityFinding({ snow, snowDays, days }: DemoResults): string {
  const best = bestBy(snow, (score) => -score.logLoss);
  const bar = logLossOfShare(snowDays / days);
  const worse = snow.filter((score) => score.logLoss > bar).map((score) => score.title);
  const beaten = worse.length === 0 ? "all beat" : `those of ${formatNameList(worse, "and")} are worse than`;
  return `${capital(best.title)} gives the best probabilities; ${beaten} saying ${percent(snowDays / days)} every day.`;
}

function bestBy(scores: readonly SnowScore[], worth: (score: SnowScore) => number): SnowScore {
  return scores.reduce((best, score) => (worth(score) > worth(best) ? score : best));
}

function lean({ bias }: TemperatureScore): string {
  return `${Math.abs(bias).toFixed(1)} °C too ${bias > 0 ? "warm" : "cold"} on average`;
}

function signed(change: number): string {
  const size = Math.abs(change).toFixed(2);
  return Number(size) === 0 ? size : `${change < 0 ? "-" : "+"}${size}`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
