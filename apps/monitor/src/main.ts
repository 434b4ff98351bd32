#!/usr/bin/env node
import { contextFromProcess } from "./cli/context.ts";
import { runCommandLine } from "./cli/run-command-line.ts";

process.exitCode = await runCommandLine(process.argv.slice(2), contextFromProcess());
