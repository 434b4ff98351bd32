/** What the help of a command that reads logs says of its sources. */
export const SOURCES: string =
  "a file, a folder (runs are found below it), a glob, - for standard input, or nats://host:4222[/run] for published logs";
