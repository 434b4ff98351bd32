import { AXES } from "../../../src/plot/axis.ts";
import { SMOOTHINGS } from "../../../src/plot/smoothing.ts";
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
  const { smoothing, axis, log } = settings.get();
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
      change({ axis: AXES[(AXES.indexOf(axis) + 1) % AXES.length]! });
      return true;
    case "l":
      change({ log: !log });
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
