// Reads the test runner's JSON report, prints the closing line, and fails where anything failed or was skipped.
import { readFileSync } from "node:fs";

const [path, npmStatus] = process.argv.slice(2);
let report;
try {
  report = JSON.parse(readFileSync(path, "utf8"));
} catch {
  console.log("The test runner wrote no report.");
  process.exit(Number(npmStatus) || 1);
}
const tests = report.testResults.flatMap((file) =>
  file.assertionResults.map((test) => ({ file: file.name, ...test })),
);
const skipped = tests.filter((test) => test.status !== "passed" && test.status !== "failed");
for (const test of skipped) console.log(`skipped: ${test.fullName} (${test.file})`);
const brokenFiles = report.testResults.filter(
  (file) => file.status === "failed" && file.assertionResults.length === 0,
);
for (const file of brokenFiles) console.log(`did not load: ${file.name}`);

const failed = report.numFailedTests + brokenFiles.length;
const bad = failed > 0 || skipped.length > 0 || report.numPassedTests === 0 || report.success !== true;
process.exitCode = Number(npmStatus) || (bad ? 1 : 0);
console.log(`${report.numPassedTests} passed, ${failed} failed, ${skipped.length} skipped`);
