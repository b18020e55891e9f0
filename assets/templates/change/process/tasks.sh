#!/bin/sh
# Stage 4: tasks.md from the requirements of the spec: a task T-nn for each R-nn that has none yet.
. "$(dirname "$0")/lib.sh"

need spec.md spec
begin tasks.md <<EOF
# Tasks: $title

Made from [spec.md](spec.md).

## Tasks

EOF
numbers R spec.md | while read -r requirement; do
  if names tasks.md "$requirement"; then continue; fi
  text=$(bullets spec.md Requirements | sed -n "s/^$requirement: //p" | head -n 1)
  task=$(next_number T tasks.md)
  add tasks.md Tasks "- [ ] $task ($requirement): $text"
  say "$task ($requirement): $text"
done
