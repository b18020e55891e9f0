#!/bin/sh
# Stage 8: runs the tests and checks that project.sh names and the change's own, and makes the reports of the gates,
# test_results.md and quality_metrics.json. It fails only where it cannot do that: the gates of the lane judge.
. "$(dirname "$0")/lib.sh"
. process/project.sh

xml() { sed 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g; s/"/\&quot;/g' | LC_ALL=C tr -d '\000-\010\013\014\016-\037'; }

# attempt KIND COMMAND: runs it and notes "KIND<tab>exit code<tab>COMMAND".
attempt() {
  code=0
  sh -c "$2" </dev/null >"$reports/output" 2>&1 || code=$?
  if [ "$code" -ne 0 ]; then
    say "failed with exit code $code: $2"
    sed 's/^/  /' "$reports/output"
  fi
  printf '%s\t%s\t%s\n' "$1" "$code" "$2" >>"$reports/results"
}

attempt_all() { while read -r command; do attempt "$1" "$command"; done; }
count() { awk -F '\t' -v kind="$1" -v passed="$2" '$1 == kind && ($2 == 0) == passed { ++n } END { print n + 0 }' "$reports/results"; }

tab=$(printf '\t')
mkdir -p "$reports"
say '*' >"$reports/.gitignore"
: >"$reports/results"
for test in "$docs"/scripts/test-*.sh; do
  if [ -f "$test" ]; then attempt test "sh $(quoted "$test")"; fi
done
project_tests | attempt_all test
project_lint | attempt_all lint
project_types | attempt_all types
project_findings >"$reports/findings"
passed=$(count test 1) failed=$(count test 0)
lint=$(count lint 0) types=$(count types 0) high=$(awk 'END { print NR }' "$reports/findings")

# Reports: JUnit, and LCOV of the project or of the acceptance criteria.
{
  say '<?xml version="1.0" encoding="UTF-8"?>'
  say "<testsuite name=\"change\" tests=\"$((passed + failed))\" failures=\"$failed\">"
  grep '^test' "$reports/results" | while IFS=$tab read -r _ code command; do
    printf '<testcase classname="change" name="%s">' "$(printf '%s' "$command" | xml)"
    [ "$code" -eq 0 ] || printf '<failure message="exit code %s"/>' "$code"
    say '</testcase>'
  done
  say '</testsuite>'
} >"$reports/junit.xml"
project_coverage >"$reports/coverage.info"
covered="of the code"
if [ ! -s "$reports/coverage.info" ]; then
  covered="acceptance criteria with a test that passes"
  need spec.md spec
  {
    say "SF:$docs/spec.md"
    grep -nE '^[-*+] AC-[0-9]+' "$docs/spec.md" | while IFS=: read -r line text; do
      criterion=$(printf '%s' "$text" | sed 's/^[^A]*\(AC-[0-9]*\).*/\1/')
      hits=0
      for test in "$docs"/scripts/test-*.sh; do
        [ -f "$test" ] || continue
        if grep -qE "(^|[^0-9A-Za-z])$criterion([^0-9]|\$)" "$test" &&
          grep -qxF "test${tab}0${tab}sh $(quoted "$test")" "$reports/results"; then
          hits=$((hits + 1))
        fi
      done
      say "DA:$line,$hits"
    done
    say end_of_record
  } >"$reports/coverage.info"
fi
coverage=$(awk -F '[:,]' '/^DA:/ { ++lines; hit += $3 > 0 } END { printf "%.1f", lines ? 100 * hit / lines : 0 }' "$reports/coverage.info")
say "{\"error\": $lint}" >"$reports/lint.json"
say "{\"error\": $types}" >"$reports/types.json"
say "{\"high\": $high}" >"$reports/security.json"

cat >"$docs/quality_metrics.json" <<EOF
{"tests_passed": $passed, "tests_failed": $failed, "coverage_percent": $coverage,
 "lint_errors": $lint, "type_errors": $types, "high_findings": $high}
EOF
{
  say "# Test results: $title"
  printf '\n| | |\n|---|---|\n'
  say "| Lane | ${HEADWAY_LANE:-none} |"
  say "| Tests | $passed passed, $failed failed |"
  say "| Coverage | $coverage % $covered |"
  say "| Lint, types | $lint, $types errors |"
  say "| Findings of high severity | $high |"
  printf '\n## Runs\n\n'
  awk -F '\t' '{ printf "- %s: %s: `%s`\n", $1, $2 == 0 ? "passed" : "failed with exit code " $2, $3 }' "$reports/results"
  sed 's/^/- finding: /' "$reports/findings"
} >"$docs/test_results.md"
say "$passed passed, $failed failed; coverage $coverage % $covered; $lint lint, $types type errors; $high findings"
cat "$reports/findings"
