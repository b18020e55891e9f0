#!/bin/sh
# Stage 1: the next version, in each version file that there is (VERSION where there is none), once for a change.
# CHANGE_BUMP=patch|minor|major|none says which; default: patch.
. "$(dirname "$0")/lib.sh"

# version_in FILE: the first one that stands there.
version_in() {
  case $1 in
    VERSION) sed -n '1s/^v\{0,1\}\([0-9][0-9]*\.[0-9][0-9]*\.[0-9][0-9]*\).*/\1/p' VERSION ;;
    package.json) sed -n 's/^ *"version": *"\([0-9][0-9]*\.[0-9][0-9]*\.[0-9][0-9]*\)".*/\1/p' package.json ;;
    *) sed -n 's/^version *= *"\([0-9][0-9]*\.[0-9][0-9]*\.[0-9][0-9]*\)".*/\1/p' "$1" ;;
  esac | head -n 1
}

# replace FILE: its first $from becomes $to.
replace() {
  FROM=$from TO=$to awk '
    !done && (at = index($0, ENVIRON["FROM"])) && (FILENAME == "VERSION" || /^ *"?version"? *[:=]/) {
      $0 = substr($0, 1, at - 1) ENVIRON["TO"] substr($0, at + length(ENVIRON["FROM"])); done = 1
    }
    { print }' "$1" >"$1.new"
  cat "$1.new" >"$1"
  rm "$1.new"
}

next() {
  printf '%s\n' "$from" | awk -F. -v bump="$bump" '
    bump == "major" { print $1 + 1 ".0.0" }
    bump == "minor" { print $1 "." $2 + 1 ".0" }
    bump == "patch" { print $1 "." $2 "." $3 + 1 }
    bump == "none" { print }'
}

if [ -s "$docs/version_snapshot.md" ]; then
  say "kept: $(sed -n 's/^- version: //p' "$docs/version_snapshot.md"), from $docs/version_snapshot.md"
  exit 0
fi
bump=${CHANGE_BUMP:-patch}
case $bump in
  patch | minor | major | none) ;;
  *) die "CHANGE_BUMP is '$bump'" "it is patch, minor, major or none" ;;
esac
files='' from=''
for file in VERSION package.json pyproject.toml Cargo.toml; do
  found=''
  if [ -f "$file" ]; then found=$(version_in "$file"); fi
  [ -n "$found" ] || continue
  [ -n "$from" ] || from=$found
  if [ "$found" = "$from" ]; then
    files="$files $file"
  else
    say "left alone: $file has version $found, ${files# } has $from"
  fi
done
if [ -z "$from" ]; then
  if [ -e VERSION ]; then die "VERSION has no version such as 1.2.3"; fi
  from=0.0.0 files=VERSION
  if [ "$bump" != none ]; then say "$from" >VERSION; fi
fi
to=$(next)
if [ "$bump" = none ]; then
  files=''
elif git rev-parse -q --verify "refs/tags/v$to" >/dev/null; then
  die "tag v$to is there already" "set the version of $files to the newest tag, or say CHANGE_BUMP=minor"
fi
for file in $files; do
  replace "$file"
  say "$file: $from -> $to"
done
begin version_snapshot.md <<EOF
# Version of: $title

- before: $from
- version: $to
- bump: $bump
- files:$files
EOF
