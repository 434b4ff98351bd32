#!/usr/bin/env bash
# Kills a job 100 times at random moments; what it ends with must have the bits of one that was never killed.
cd packages/streaming && node test/checkpoint/kill-loop.mjs 100
