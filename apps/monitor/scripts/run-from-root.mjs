// `npm run -s lossflow -- ...` starts in the workspace root; sources are meant from where npm was called.
import { existsSync } from "node:fs";

const command = new URL("../dist/main.js", import.meta.url);
if (!existsSync(command)) {
  process.stderr.write("lossflow is not built yet: run `npm start` or `npm test` once.\n");
  process.exit(1);
}
process.chdir(process.env.INIT_CWD ?? process.cwd());
// The program reads argv as if it had been called itself.
process.argv[1] = command.pathname;
await import(command.href);
