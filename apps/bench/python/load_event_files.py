"""Reads every run below a folder with TensorBoard's own loader, all points kept, and says how long that took."""

import json
import os
import sys
import time

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

start, cpu = time.perf_counter(), time.process_time()
points, total = 0, 0.0
for name in sorted(os.listdir(sys.argv[1])):
    run = EventAccumulator(os.path.join(sys.argv[1], name), size_guidance={"scalars": 0, "tensors": 0})
    run.Reload()
    for tag in run.Tags()["scalars"]:
        for event in run.Scalars(tag):
            points += 1
            total += event.value
print(
    json.dumps(
        {
            "points": points,
            "sum": total,
            "wallSeconds": time.perf_counter() - start,
            "cpuSeconds": time.process_time() - cpu,
        }
    )
)
