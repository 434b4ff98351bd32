import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { Stops } from "../../src/pool/stops.ts";

test("a signal has one listener for all that it stops, and none once nothing is left", () => {
  const stops = new Stops();
  const { signal } = new AbortController();
  const listeners = (): number => getEventListeners(signal, "abort").length;
  const dones = Array.from({ length: 64 }, () => stops.add(signal, () => undefined));
  expect(listeners()).toBe(1);
  for (const done of dones) done();
  expect(listeners()).toBe(0);
  stops.add(signal, () => undefined);
  expect(listeners()).toBe(1);
});

test("an abort stops what is there, of its own signal alone", () => {
  const stops = new Stops();
  const [one, other] = [new AbortController(), new AbortController()];
  const stopped: string[] = [];
  stops.add(one.signal, () => stopped.push("a"));
  stops.add(one.signal, () => stopped.push("b"))();
  stops.add(other.signal, () => stopped.push("c"));
  one.abort();
  expect(stopped).toEqual(["a"]);
  other.abort();
  expect(stopped).toEqual(["a", "c"]);
});
