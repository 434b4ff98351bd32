#!/usr/bin/env bash
# A job on three NATS servers in networks of their own, the leader cut off again and again: jetstream-faults, for cables.
set -euo pipefail
REQUIRE_NATS=1 npx vitest run --config packages/jetstream/vitest.chaos.config.ts --retry 1 partition
