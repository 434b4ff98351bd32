/** The name that TypeScript has for a name of JSON and command lines: labelSmoothing for label_smoothing. */
export function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
