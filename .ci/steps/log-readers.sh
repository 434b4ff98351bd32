#!/usr/bin/env bash
# A million damaged logs over all readers, and every fixture cut at each of its bytes.
set -euo pipefail
NIGHTLY=1 npx vitest run --project logs packages/logs/test/fuzz.test.ts packages/logs/test/laws.test.ts
