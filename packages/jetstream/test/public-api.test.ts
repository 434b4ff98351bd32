import { expect, test } from "vitest";
import * as api from "../src/index.ts";

test("the package exports these values and no others", () => {
  expect(Object.keys(api).sort()).toEqual([
    "LogPublisher",
    "computeDurabilityWarning",
    "connectNats",
    "foldPartition",
    "isNatsAddress",
    "mapJob",
    "natsAddressFromText",
    "readLogs",
    "runWorker",
    "submitJob",
    "withoutSecret",
  ]);
});
