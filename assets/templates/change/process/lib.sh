# Shared by the stages: which change this is, where its documents lie, and how text gets into them. Knows no stage.
# shellcheck shell=sh
set -eu
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$*"; }

# die MESSAGE [NEXT STEP]
die() {
  printf '%s: %s\n' "${0##*/}" "$1" >&2
  if [ $# -gt 1 ]; then printf '  %s\n' "$2" >&2; fi
  exit 1
}

# A text as the name of a folder.
slug() { printf '%s' "$1" | LC_ALL=C tr -cs 'A-Za-z0-9._' '-' | sed 's/^[-.]*//' | cut -c 1-48 | sed 's/[-.]*$//'; }
lower() { LC_ALL=C tr '[:upper:]' '[:lower:]'; }
# A text as one word of a shell.
quoted() { printf "'%s'" "$(printf '%s' "$1" | sed "s/'/'\\\\''/g")"; }
one_line() { printf '%s' "$1" | tr '\n\t' '  '; }

# The name of the only change that is open; empty where there is none, or more than one.
open_change() {
  set -- changes/*/
  if [ $# -eq 1 ] && [ -d "$1" ]; then basename "$1"; fi
}

branch=$(git symbolic-ref -q --short HEAD 2>/dev/null || true)
id=$(slug "${HEADWAY_CHANGE_ID:-}")
[ -n "$id" ] || id=$(slug "${HEADWAY_TITLE:-}" | lower)
[ -n "$id" ] || id=$(open_change)
[ -n "$id" ] || id=$(slug "${branch#*/}")
[ -n "$id" ] || id=change
owner=$(one_line "${HEADWAY_OWNER:-}")
[ -n "$owner" ] || owner=$(git config user.name 2>/dev/null || id -un)
today=$(date -u +%Y-%m-%d)

# The documents of the change: where they are, also after the stage 'archive'.
docs=changes/$id
for archived in "changes-archive/"????-??-??-"$id"; do
  if [ -d "$archived" ] && [ ! -d "$docs" ]; then docs=$archived; fi
done
reports=process/reports
title=$(one_line "${HEADWAY_TITLE:-}")
[ -n "$title" ] || title=$(sed -n 's/^# TODO: //p' "$docs/todo.md" 2>/dev/null || true)
[ -n "$title" ] || title=$(printf '%s' "$id" | tr '_-' '  ')

# need DOCUMENT STAGE: ends the stage where it is missing.
need() { [ -s "$docs/$1" ] || die "$docs/$1 is missing" "the stage '$2' writes it: headway run --change-id $id $2"; }

# begin DOCUMENT: makes it from stdin unless it is there; a person's work is never written over.
begin() {
  mkdir -p "$docs/$(dirname "$1")"
  if [ -e "$docs/$1" ]; then
    say "kept $docs/$1"
  else
    cat >"$docs/$1.new"
    mv "$docs/$1.new" "$docs/$1"
    say "wrote $docs/$1"
  fi
}

# fill TEMPLATE: its text, with {{title}} and the like put in.
fill() {
  TITLE=$title CHANGE=$id OWNER=$owner TODAY=$today awk '
    function put(text, mark, value,  at, out) {
      for (out = ""; (at = index(text, mark)) > 0; text = substr(text, at + length(mark)))
        out = out substr(text, 1, at - 1) value
      return out text
    }
    { $0 = put($0, "{{id}}", ENVIRON["CHANGE"]); $0 = put($0, "{{date}}", ENVIRON["TODAY"])
      $0 = put($0, "{{owner}}", ENVIRON["OWNER"]); $0 = put($0, "{{title}}", ENVIRON["TITLE"]); print }
  ' "process/templates/$1"
}

# section DOCUMENT HEADING: its lines, without the heading.
section() {
  HEADING=$2 awk '
    /^```/ { fenced = !fenced }
    !fenced && /^## / { inside = tolower($0) == tolower("## " ENVIRON["HEADING"]); next }
    inside
  ' "$docs/$1" | tr -d '\r'
}

# bullets DOCUMENT HEADING: the text of each item, one a line.
bullets() { section "$1" "$2" | awk '/^[-*+][ \t]+[^ \t]/ { sub(/^[-*+][ \t]+/, ""); sub(/[ \t]+$/, ""); print }'; }

# numbers PREFIX DOCUMENT: each R-01, AC-01, ... that stands in it, once, in its order. T-01 is not AT-01.
numbers() {
  PREFIX=$1 awk '{
    rest = " " $0
    while (match(rest, "[^A-Za-z0-9-]" ENVIRON["PREFIX"] "-[0-9][0-9]+")) {
      found = substr(rest, RSTART + 1, RLENGTH - 1)
      if (!seen[found]++) print found
      rest = substr(rest, RSTART + RLENGTH)
    }
  }' "$docs/$2"
}

# next_number PREFIX DOCUMENT: the first that is free.
next_number() {
  numbers "$1" "$2" | awk -F- -v prefix="$1" '$2 + 0 > last { last = $2 + 0 } END { printf "%s-%02d\n", prefix, last + 1 }'
}

# names DOCUMENT NUMBER: whether it stands there.
names() { numbers "${2%-*}" "$1" | grep -qx -- "$2"; }

# add DOCUMENT HEADING LINE: as the last line of that section.
add() {
  HEADING=$2 LINE=$3 awk '
    { text[NR] = $0 }
    $0 == "## " ENVIRON["HEADING"] { at = NR; inside = 1; next }
    /^## / { inside = 0 }
    inside && /[^ \t]/ { at = NR }
    END {
      for (i = 1; i <= NR; ++i) {
        print text[i]
        if (i == at) { if (text[i] ~ /^## /) print ""; print ENVIRON["LINE"] }
      }
      if (!at) { print ""; print "## " ENVIRON["HEADING"]; print ""; print ENVIRON["LINE"] }
    }' "$docs/$1" >"$docs/$1.new"
  mv "$docs/$1.new" "$docs/$1"
}

# What the change differs from: the merge base with the default branch, else the commit that is there, else nothing.
base() {
  for name in $(git symbolic-ref -q --short refs/remotes/origin/HEAD) origin/main main origin/master master; do
    if [ "$name" != "$branch" ] && git merge-base HEAD "$name" 2>/dev/null; then return; fi
  done
  git rev-parse -q --verify HEAD || git hash-object -t tree /dev/null
}

# The files of the change that are there, one a line.
changed_files() {
  { git -c core.quotePath=false diff --name-only --relative --diff-filter=d "$(base)" -- .
    git -c core.quotePath=false ls-files --others --exclude-standard; } | sort -u
}
