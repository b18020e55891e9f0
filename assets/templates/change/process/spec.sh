#!/bin/sh
# Stage 3: spec.md from the proposal: a requirement R-nn and an acceptance criterion AC-nn for each change that has none yet.
. "$(dirname "$0")/lib.sh"

need proposal.md proposal
begin spec.md <<EOF
# Specification: $title

Made from [proposal.md](proposal.md). Add to it freely: the numbers are what the other documents name.

## Requirements

## Acceptance Criteria

## Affected Files

EOF
bullets proposal.md 'What Changes' | while read -r change; do
  if bullets spec.md Requirements | sed 's/^R-[0-9]*: //' | grep -qxF -- "$change"; then continue; fi
  requirement=$(next_number R spec.md)
  add spec.md Requirements "- $requirement: $change"
  add spec.md 'Acceptance Criteria' "- $(next_number AC spec.md) ($requirement): it can be seen that this holds: $change"
  say "$requirement: $change"
done
bullets proposal.md 'Affected Files' | while read -r file; do
  if bullets spec.md 'Affected Files' | grep -qxF -- "$file"; then continue; fi
  add spec.md 'Affected Files' "- $file"
done
