# Twenty logs, 5,000 lines a second each, two minutes: nothing lost, memory flat, the delay reported.
exec node apps/monitor/scripts/soak.mjs 120
