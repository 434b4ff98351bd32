/** The name that TypeScript has for a name of JSON and command lines: labelSmoothing for label_smoothing. */
export function camelCase(name: string): string {
  return name.replace(/_./g, (pair) => pair[1]!.toUpperCase());
}
