#!/bin/sh
# Stage 5: checklist.md from the proposal and the tasks.
. "$(dirname "$0")/lib.sh"

need proposal.md proposal
need tasks.md tasks
begin checklist.md <<EOF
# Checklist: $title

## Before

- [ ] [proposal.md](proposal.md) says why
- [ ] who is affected knows: $(section proposal.md Impact | awk 'NF { print; exit }')

## Tasks

EOF
numbers T tasks.md | while read -r task; do
  if names checklist.md "$task"; then continue; fi
  add checklist.md Tasks "- [ ] $task is done, and a test shows it"
done
bullets proposal.md 'Affected Files' | while read -r file; do
  if bullets checklist.md 'Affected Files' | grep -qxF -- "[ ] $file"; then continue; fi
  add checklist.md 'Affected Files' "- [ ] $file"
done
say "$(grep -c '^- \[' "$docs/checklist.md") items in $docs/checklist.md"
