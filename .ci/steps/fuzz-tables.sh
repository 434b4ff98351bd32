#!/usr/bin/env bash
# Damages good tables of every format 60,000 times: each must be read or refused with a code, in time and in bounded memory.
node packages/streaming/test/fuzz/fuzz.mjs 60000
