# What this repository's own tools are. Make it yours: the stage 'tests' and its gates see the repository through these
# functions alone. The first three print commands, one a line, each run by `sh -c`; exit code 0 is a pass.
# shellcheck shell=sh

# Each is a test of the gate 'tests', beside the change's own in changes/ID/scripts.
project_tests() {
  if [ -f Cargo.toml ]; then say 'cargo test'; fi
  if [ -f go.mod ]; then say 'go test ./...'; fi
  if [ -f package.json ] && grep -q '"test":' package.json && ! grep -q 'no test specified' package.json; then
    say 'npm test'
  fi
  if [ -f Makefile ] && grep -q '^test:' Makefile; then say 'make test'; fi
}

# Each that fails is an error of the gate 'lint'.
project_lint() {
  say "! git diff $(base) -- . | grep -E '^[+](<<<<<<<|>>>>>>>) '"
  changed_files | while read -r file; do
    [ -f "$file" ] || continue
    case $file in
      *.sh) say "sh -n $(quoted "$file")" ;;
      *.py) if command -v python3 >/dev/null; then
        say "python3 -c 'import ast, sys; ast.parse(open(sys.argv[1], \"rb\").read(), sys.argv[1])' $(quoted "$file")"
      fi ;;
    esac
  done
}

# Each that fails is an error of the gate 'types'.
project_types() {
  if [ -f mypy.ini ] && command -v mypy >/dev/null; then say 'mypy .'; fi
  if [ -f tsconfig.json ] && command -v tsc >/dev/null; then say 'tsc --noEmit'; fi
}

# Each line is a finding of high severity of the gate 'security'. The secrets themselves are not printed.
project_findings() {
  changed_files | while read -r file; do
    [ -f "$file" ] || continue
    awk '/-----BEGIN [A-Z ]*PRIVATE KEY-----/ { print FILENAME ":" FNR ": a private key" }
      /(^|[^A-Z0-9])AKIA[A-Z0-9][A-Z0-9][A-Z0-9][A-Z0-9][A-Z0-9][A-Z0-9][A-Z0-9][A-Z0-9][A-Z0-9][A-Z0-9][A-Z0-9][A-Z0-9]/ {
        print FILENAME ":" FNR ": an access key" }' "./$file"
  done
}

# Coverage of the code as LCOV, made by the tests. Where there is none, the gate 'coverage' looks at the acceptance
# criteria: each is a line of spec.md, reached by the tests that name it.
project_coverage() {
  for file in lcov.info coverage/lcov.info; do
    if [ -f "$file" ]; then cat "$file"; return; fi
  done
}
