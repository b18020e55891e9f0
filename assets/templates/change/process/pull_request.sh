#!/bin/sh
# Stage 12: pushes the branch and opens its pull request by gh, or prints the text of it.

# No change is open any more after the archive: which it was, the last commit says.
if [ -z "${HEADWAY_CHANGE_ID:-}${HEADWAY_TITLE:-}" ]; then
  HEADWAY_CHANGE_ID=$(git log -1 --format=%B | sed -n 's/^Change: //p; s/^chore: archive change //p' | head -n 1)
fi
. "$(dirname "$0")/lib.sh"

need proposal.md proposal
head=$(head -n 1 "$docs/commit_message.txt" 2>/dev/null || say "$title")

body() {
  section proposal.md Why | sed '/[^[:space:]]/,$!d'
  printf '\n## What changes\n\n'
  bullets proposal.md 'What Changes' | sed 's/^/- /'
  printf '\n## Impact\n'
  section proposal.md Impact
  if [ -s "$docs/review_summary.md" ]; then
    printf '\n## Review\n\n'
    section review_summary.md Findings | sed '/[^[:space:]]/,$!d'
  fi
  printf '\nDocuments: %s\n' "$docs"
}

print_it() {
  say "$1: here is the text of the pull request"
  say
  say "# $head"
  say
  body | sed '/./,/^$/!d'
}

if ! command -v gh >/dev/null; then
  print_it "gh is not here"
elif [ -z "$(git remote)" ]; then
  print_it "the repository has no remote"
elif ! GH_PROMPT_DISABLED=1 gh auth status >/dev/null 2>&1; then
  print_it "gh is not logged in (gh auth login)"
elif [ -z "$branch" ]; then
  print_it "no branch is checked out"
elif GH_PROMPT_DISABLED=1 gh pr view "$branch" --json url --jq .url 2>/dev/null; then
  say "its pull request is open already"
else
  git push -q -u "$(git remote | head -n 1)" "$branch"
  body | sed '/./,/^$/!d' | GH_PROMPT_DISABLED=1 gh pr create --head "$branch" --title "$head" --body-file -
fi
