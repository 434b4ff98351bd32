import { RunTrack } from "../run-track.ts";
import { WandbReader } from "./wandb-reader.ts";

/** The name that a run of Weights & Biases was given, from the first bytes of its `.wandb` file; null where they do not tell. */
export function wandbRunName(head: Uint8Array): string | null {
  let name: string | null = null;
  const nowhere = new RunTrack({ series: () => 0, point() {}, event() {} });
  new WandbReader(nowhere, (given) => (name ??= given)).write(head);
  return name;
}
