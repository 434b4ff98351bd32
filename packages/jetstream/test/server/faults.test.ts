import { describe, test } from "vitest";
import { expectSameStateUnder } from "../lab/job-under-fault.ts";
import { killAndReplace, sendAgain } from "../lab/worst.ts";

const SIZE = { chunks: 80, rows: 20_000 };

// The other faults, and clusters, take minutes: test/chaos, run by .ci/steps/jetstream-faults.sh.
describe("a job on servers is exact though", () => {
  test("a worker of a map is killed in the middle and another comes", { timeout: 60_000 }, () =>
    expectSameStateUnder("map-worker-killed", { ...SIZE, design: "map", during: killAndReplace }),
  );

  test("chunks of a fold are sent again, late and as others", { timeout: 60_000 }, () =>
    expectSameStateUnder("fold-sent-again", { ...SIZE, design: "fold", resend: sendAgain("fold", "late") }),
  );
});
