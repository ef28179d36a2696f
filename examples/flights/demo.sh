#!/usr/bin/env bash
# The demo of ./dev: runs demo.sql over the flights from the beginning, and shows what came out.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
leat=build/release/leat
out=build/demo

rm -rf "$out"
mkdir -p "$out"
printf '\n$ cat examples/flights/demo.sql\n'
cat examples/flights/demo.sql
printf '\n$ %s run examples/flights/demo.sql --data %s/data\n' "$leat" "$out"
"$leat" run examples/flights/demo.sql --data "$out/data"

printf '\nThe busiest of the %s windows in %s/delays:\n' "$(cat "$out"/delays/* | wc -l)" "$out"
cat "$out"/delays/* | sed -E 's/.*"flights":([0-9]+).*/\1 &/' | sort -rn | sed -n 's/^[0-9]* //;1,5p'
printf '\nThe flights that came too late for their window, kept with all that is known about them:\n'
"$leat" dlq ls --data "$out/data"

printf '\nTry next:\n'
next() { printf '  %-71s %s\n' "$1" "$2"; }
next "$leat dlq export --data $out/data | head -n 1" "one late flight, in full"
next "$leat run examples/flights/demo.sql --data $out/data" "again: it knows that it has finished"
next "$leat explain examples/flights/demo.sql" "the plan"
next "$leat sql" "a prompt"
next "docs/getting-started.md" "the first ten minutes, with events of your own"
