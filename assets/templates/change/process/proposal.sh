#!/bin/sh
# Stage 2: proposal.md from its template; what is there must have its sections, and at least one change.
. "$(dirname "$0")/lib.sh"

fill proposal.md | begin proposal.md
missing=
for heading in 'Why' 'What Changes' 'Impact' 'Affected Files'; do
  grep -qix "## ${heading}[[:space:]]*" "$docs/proposal.md" || missing="$missing, '## $heading'"
done
[ -z "$missing" ] || die "$docs/proposal.md has no section ${missing#, }" "add it; process/templates/proposal.md has them all"
section proposal.md 'Why' | grep -q '[^[:space:]]' || die "section Why of $docs/proposal.md is empty" "say why"
count=$(bullets proposal.md 'What Changes' | wc -l)
[ "$count" -gt 0 ] || die "section What Changes of $docs/proposal.md names no change" "write each as a line '- ...'"
say "$((count)) change(s) proposed"
