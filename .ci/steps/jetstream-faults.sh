#!/usr/bin/env bash
# A job on NATS servers under every fault that can be made here, each ending with the state of a single process.
set -euo pipefail
REQUIRE_NATS=1 npx vitest run --config packages/jetstream/vitest.chaos.config.ts
