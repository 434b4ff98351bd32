/** Says how whoever started this process can start another command of it. */
export function ownCommand(env: NodeJS.ProcessEnv): string {
  if (env["npm_package_name"] === "lossflow-workspace") return "npm run -s lossflow --";
  return env["npm_command"] === "exec" ? "npx lossflow" : "lossflow";
}

/** Quotes a path for a shell where it needs it. */
export function quotePath(path: string): string {
  return /^[\w@%+=:,./\\-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
