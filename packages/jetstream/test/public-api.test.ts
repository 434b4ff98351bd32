import { expect, test } from "vitest";
import * as api from "../src/index.ts";

test("the package exports these values and no others", () => {
  expect(Object.keys(api).sort()).toEqual([
    "ChunkSet",
    "LogPublisher",
    "cancelJob",
    "computeDurabilityWarning",
    "connectNats",
    "foldPartition",
    "isComplete",
    "isNatsAddress",
    "mapJob",
    "natsAddressFromText",
    "partitionFromBytes",
    "readLogs",
    "runWorker",
    "submitJob",
    "withoutSecret",
  ]);
});
