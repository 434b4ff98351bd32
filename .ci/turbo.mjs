// Runs Turborepo with its telemetry off, which no file can say and no shell of every platform in one way.
import { spawnSync } from "node:child_process";

const { status } = spawnSync("turbo", process.argv.slice(2), {
  stdio: "inherit",
  shell: process.platform === "win32",
  env: { ...process.env, TURBO_TELEMETRY_DISABLED: "1" },
});
process.exit(status ?? 1);
