#!/bin/sh
# Stage 9: cross-checks the documents. An error ends the stage; a warning stands in review_summary.md.
. "$(dirname "$0")/lib.sh"

# A text without what makes no difference: case, emphasis, repeated blanks.
plain() { tr -d '*_`' | tr -s ' \t\r' '   ' | lower; }

# links DOCUMENT: the goals of its relative links, one a line.
links() {
  awk '
    /^```/ { fenced = !fenced }
    !fenced {
      rest = $0
      gsub(/`[^`]*`/, "", rest)
      while (match(rest, /\]\([^) \t]+/)) {
        goal = substr(rest, RSTART + 2, RLENGTH - 2)
        rest = substr(rest, RSTART + RLENGTH)
        sub(/#.*/, "", goal)
        if (goal != "" && goal !~ /^([A-Za-z][A-Za-z0-9+.-]*:|\/)/) print goal
      }
    }' "$1"
}

# Each finding is a line "error: ..." or "warning: ...".
check_changes() {
  bullets proposal.md 'What Changes' | while read -r change; do
    if ! plain <"$docs/tasks.md" | grep -qF -- "$(printf '%s' "$change" | plain)"; then
      say "error: a change of proposal.md is not in tasks.md: $change"
    fi
  done
}
check_requirements() {
  for number in $(numbers R spec.md); do
    names tasks.md "$number" || say "warning: $number of spec.md is not in tasks.md"
  done
}
check_criteria() {
  for number in $(numbers AC spec.md); do
    names test_plan.md "$number" || say "warning: $number of spec.md is not in test_plan.md"
  done
  for script in "$docs"/scripts/test-*.sh; do
    if [ -f "$script" ] && grep -q '^# stub:' "$script"; then say "warning: scripts/${script##*/} is a stub yet"; fi
  done
}
check_links() {
  for document in "$docs"/*.md; do
    links "$document" | while read -r goal; do
      [ -e "$docs/$goal" ] || say "warning: ${document##*/} links to $goal, which does not exist"
    done
  done
}
check_files() {
  for pair in proposal.md:spec.md spec.md:proposal.md; do
    one=${pair%:*} other=${pair#*:}
    bullets "$one" 'Affected Files' | while read -r file; do
      if ! bullets "$other" 'Affected Files' | grep -qxF -- "$file"; then
        say "warning: affected file of $one is not in $other: $file"
      fi
    done
  done
}

need proposal.md proposal
need spec.md spec
need tasks.md tasks
findings=$(
  check_changes
  check_requirements
  if [ -f "$docs/test_plan.md" ]; then check_criteria; fi
  check_links
  check_files
)
errors=$(say "$findings" | grep -c '^error:' || true)
warnings=$(say "$findings" | grep -c '^warning:' || true)
{
  printf '# Review summary: %s\n\n' "$title"
  say "$today, lane ${HEADWAY_LANE:-none}: $errors errors, $warnings warnings."
  printf '\n## Findings\n\n'
  if [ -n "$findings" ]; then say "$findings" | sed 's/^/- /'; else say 'None.'; fi
  printf '\n## Documents\n\n'
  for document in "$docs"/*.md; do
    if [ "${document##*/}" != review_summary.md ]; then say "- [${document##*/}](${document##*/})"; fi
  done
} >"$docs/review_summary.md.new"
mv "$docs/review_summary.md.new" "$docs/review_summary.md"
if [ -n "$findings" ]; then say "$findings"; fi
say "$errors errors, $warnings warnings: $docs/review_summary.md"
[ "$errors" -eq 0 ] || die "the documents contradict each other" "mend them, then: headway run --change-id $id"
