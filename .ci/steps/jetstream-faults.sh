#!/usr/bin/env bash
# A job on NATS servers under every fault that can be made here, each ending with the state of a single process. Three
# servers and two workers share the cores of this machine, so what takes too long is tried once more, and the log says so.
set -euo pipefail
REQUIRE_NATS=1 npx vitest run --config packages/jetstream/vitest.chaos.config.ts --retry 1 one-server cluster
