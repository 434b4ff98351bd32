// Reads the test runner's JSON report and the steps' outcomes, prints the closing line, and fails where anything failed
// or was skipped.
import { readFileSync } from "node:fs";

const [path, npmStatus, stepsPath] = process.argv.slice(2);
const steps = readFileSync(stepsPath, "utf8").split("\n").filter(Boolean);
for (const step of steps) console.log(step);
const failedSteps = steps.filter((step) => !/^step \S+: passed after/.test(step)).length;

const report = readReport();
const tests = (report?.testResults ?? []).flatMap((file) =>
  file.assertionResults.map((test) => ({ file: file.name, ...test })),
);
const skipped = tests.filter((test) => test.status !== "passed" && test.status !== "failed");
for (const test of skipped) console.log(`skipped: ${test.fullName} (${test.file})`);
const brokenFiles = (report?.testResults ?? []).filter(
  (file) => file.status === "failed" && file.assertionResults.length === 0,
);
for (const file of brokenFiles) console.log(`did not load: ${file.name}`);

const passedTests = report?.numPassedTests ?? 0;
let failed = (report?.numFailedTests ?? 0) + brokenFiles.length + failedSteps;
// A build, a check or lint fails without a test that does.
if (failed === failedSteps && (Number(npmStatus) !== 0 || report?.success !== true || passedTests === 0)) {
  console.log("npm test failed besides its tests; its output says where.");
  failed++;
}
process.exitCode = Number(npmStatus) || (failed > 0 || skipped.length > 0 ? 1 : 0);
console.log(
  `${passedTests + steps.length - failedSteps} passed, ${failed} failed, ${skipped.length} skipped`,
);

function readReport() {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    console.log("The test runner wrote no report.");
    return undefined;
  }
}
