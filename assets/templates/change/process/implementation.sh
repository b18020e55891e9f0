#!/bin/sh
# Stage 7: runs the change's implement.sh (once for each state of it) and its tests, and notes what they did. What the
# tests say is judged by the stage 'tests'; an implement.sh that fails ends this one.
. "$(dirname "$0")/lib.sh"

begin implementation_notes.md <<EOF
# Implementation notes: $title

## Runs

EOF
script=$docs/scripts/implement.sh
if [ ! -f "$script" ]; then
  say "$docs has no scripts: nothing to run"
  exit 0
fi
sum=$(cksum <"$script" | tr ' ' '-')
if grep -q "implement.sh ($sum): done" "$docs/implementation_notes.md"; then
  say "implement.sh was run before"
else
  say "running $script"
  sh "$script" || die "$script ended with exit code $?" "mend it, then: headway run --change-id $id"
  add implementation_notes.md Runs "- $today implement.sh ($sum): done"
fi
for test in "$docs"/scripts/test-*.sh; do
  [ -f "$test" ] || continue
  result=passed
  sh "$test" || result="failed with exit code $?"
  line="- $today ${test##*/}: $result"
  say "${line#- }"
  grep -qxF -- "$line" "$docs/implementation_notes.md" || add implementation_notes.md Runs "$line"
done
