#!/bin/sh
# Stage 10: checks the commit message, commits the change, tags its version. A commit_message.txt among the documents is
# taken as it is. Commits what git tracks and the documents; other new files only where they are staged.
. "$(dirname "$0")/lib.sh"

types='feat|fix|docs|style|refactor|perf|test|build|ci|chore|revert'

# The type of the change: as the title says, docs in that lane, else by its words.
type_of() {
  case " $(printf '%s' "$title" | lower | LC_ALL=C tr -cs '[:lower:]' ' ') " in
    *' fix '* | *' fixes '* | *' bug '* | *' issue '* | *' error '*) say fix ;;
    *' add '* | *' adds '* | *' implement '* | *' new '*) say feat ;;
    *' doc '* | *' docs '* | *' readme '* | *' comment '*) say docs ;;
    *' test '* | *' tests '*) say test ;;
    *' refactor '* | *' reorganize '*) say refactor ;;
    *) if [ "${HEADWAY_LANE:-}" = docs ]; then say docs; else say chore; fi ;;
  esac
}

# The first line: the title with a type, its first word lower case unless it is a name such as HTTP, at most 72 long.
header() {
  line=$title
  if ! say "$line" | grep -qE "^($types)(\([^()]+\))?!?: [^ ]"; then
    line="$(type_of): $(say "$title" | awk '{
      if ($1 ~ /^[A-Z][a-z]*$/) $0 = tolower(substr($0, 1, 1)) substr($0, 2)
      sub(/[. ]+$/, ""); print }')"
  fi
  say "$line" | awk '{
    while (length($0) > 72 && sub(/ [^ ]*$/, "")) {}
    print substr($0, 1, 72) }'
}

message() {
  header
  printf '\n%s\n' "$title" | fold -s -w 72 | sed 's/ *$//'
  printf '\nChange: %s\n' "$id"
}

# By headway, where it is in PATH; else by the first line alone.
check_message() {
  code=2
  if command -v headway >/dev/null; then
    headway commit check "$1" && code=0 || code=$?
    if [ "$code" -eq 1 ]; then return 1; fi
  fi
  [ "$code" -eq 0 ] || head -n 1 "$1" | grep -qE "^($types)(\([^()]+\))?!?: [^ ].*\$"
}

# The new version above the older ones in CHANGELOG.md, below what is unreleased.
changelog() {
  [ -e CHANGELOG.md ] || printf '# Changelog\n' >CHANGELOG.md
  if grep -qF "($id)" CHANGELOG.md; then return; fi
  HEADING="## ${version:-Unreleased} - $today" LINE="- $title ($id)" awk '
    function entry() { print ENVIRON["HEADING"]; print ""; print ENVIRON["LINE"]; print ""; done = 1 }
    !done && /^## / && tolower($0) !~ /unreleased/ { entry() }
    { print }
    END { if (!done) { print ""; print ENVIRON["HEADING"]; print ""; print ENVIRON["LINE"] } }' CHANGELOG.md >CHANGELOG.md.new
  cat CHANGELOG.md.new >CHANGELOG.md
  rm CHANGELOG.md.new
}

tag() {
  if [ "$(git rev-parse -q --verify "v$version^{commit}")" = "$(git rev-parse HEAD)" ]; then
    say "kept tag v$version"
  elif git rev-parse -q --verify "refs/tags/v$version" >/dev/null; then
    git merge-base --is-ancestor "v$version" HEAD ||
      die "tag v$version is at another commit" "remove it (git tag -d v$version), or take the next version"
    say "kept tag v$version, an earlier commit of this branch"
  else
    git tag -a -m "$title" "v$version"
    say "tagged v$version"
  fi
}

git rev-parse --git-dir >/dev/null || die "no git repository" "git init"
[ -z "$(git ls-files --unmerged)" ] || die "files are unmerged" "git status names them"
version='' bumped=''
if [ -s "$docs/version_snapshot.md" ]; then
  version=$(sed -n 's/^- version: //p' "$docs/version_snapshot.md")
  bumped=$(sed -n 's/^- files: *//p' "$docs/version_snapshot.md")
fi
message | begin commit_message.txt
check_message "$docs/commit_message.txt" ||
  die "$docs/commit_message.txt is no conventional commit: $(head -n 1 "$docs/commit_message.txt")" \
    "mend its first line: type: subject"
changelog
git add -u
git add -- "$docs" CHANGELOG.md
for file in $bumped; do git add -- "$file"; done
if git diff --cached --quiet; then
  say "nothing to commit"
else
  git commit -q -F "$docs/commit_message.txt"
  git log -1 --format='committed %h %s'
fi
if [ -n "$bumped" ]; then tag; fi
left=$(git ls-files --others --exclude-standard | head -n 5)
if [ -n "$left" ]; then
  say "not committed, for git does not know them (git add them, and run this stage again):"
  say "$left" | sed 's/^/  /'
fi
