#!/bin/sh
# Stage 11: moves the documents of the change to changes-archive/DATE-ID, and commits that.
. "$(dirname "$0")/lib.sh"

if [ -d "changes/$id" ]; then
  goal=changes-archive/$today-$id
  [ ! -e "$goal" ] || die "$goal is there already" "move it away, or take another change id"
  mkdir -p changes-archive
  mv "changes/$id" "$goal"
  rmdir changes 2>/dev/null || true
  docs=$goal
fi
case $docs in
  changes-archive/*) ;;
  *) die "$docs is missing" "headway run --change-id $id" ;;
esac
git add -A -- "$docs"
git rm -r -q --cached --ignore-unmatch -- "changes/$id"
if git diff --cached --quiet -- "$docs" "changes/$id"; then
  say "kept $docs"
else
  set -- "$docs"
  if git rev-parse -q --verify "HEAD:./changes/$id" >/dev/null; then set -- "$@" "changes/$id"; fi
  git commit -q -m "chore: archive change $id" -- "$@"
  say "archived in $docs"
fi
