import { SMOOTHINGS } from "../../../src/plot/smoothing.ts";
import { Y_SCALES } from "../../../src/plot/y-scale.ts";
import { runs, statedAxes } from "./runs.ts";
import { change, settings } from "./settings.ts";

/** What keys do that is not a setting. */
export interface KeyActions {
  readonly search: () => void;
  readonly help: () => void;
}

/** Obeys single keys wherever nothing is being typed. @returns how to stop. */
export function listenToKeys(actions: KeyActions): () => void {
  const listen = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyped(event)) return;
    if (obey(event.key, actions)) event.preventDefault();
  };
  addEventListener("keydown", listen);
  return () => removeEventListener("keydown", listen);
}

function isTyped({ target }: KeyboardEvent): boolean {
  return target instanceof HTMLElement && target.closest("input, select, textarea, dialog") !== null;
}

function obey(key: string, actions: KeyActions): boolean {
  const { smoothing, axis, logX, scale, pair, seeds } = settings.get();
  switch (key) {
    case "/":
      actions.search();
      return true;
    case "?":
      actions.help();
      return true;
    case "1":
      change({ view: "charts" });
      return true;
    case "2":
      change({ view: "compare" });
      return true;
    case "3":
      change({ view: "events" });
      return true;
    case "s": {
      const next = smoothing === null ? 0 : smoothing + 1;
      change({ smoothing: next < SMOOTHINGS.length ? next : null });
      return true;
    }
    case "x":
      change({ axis: nextOf(statedAxes(runs.get()), axis) });
      return true;
    case "l":
      change({ scale: nextOf(Y_SCALES, scale) });
      return true;
    case "X":
      change({ logX: !logX });
      return true;
    case "p":
      change({ pair: !pair });
      return true;
    case "g":
      change({ seeds: seeds === null ? "mean" : seeds === "mean" ? "median" : null });
      return true;
    case "t":
      change({ theme: document.documentElement.dataset["theme"] === "dark" ? "light" : "dark" });
      return true;
    case "0":
    case "Escape":
      change({ zoom: null, enlarged: null });
      return true;
    default:
      return false;
  }
}

function nextOf<T>(all: readonly T[], now: T): T {
  return all[(all.indexOf(now) + 1) % all.length] ?? now;
}
