/** The series of a file that TensorBoard's page saved: `run-train-tag-epoch_loss.json`. */
export function tensorboardTag(path: string): string | null {
  return /(?:^|\/)run-[^/]*?-tag-([^/]+?)(?: \(\d+\))?\.(?:csv|json)$/.exec(path)?.[1] ?? null;
}
