#!/bin/sh
# Stage 6: test_plan.md, implement.sh, and the stub of a test for each acceptance criterion that has none yet.
. "$(dirname "$0")/lib.sh"

need spec.md spec
need tasks.md tasks
begin test_plan.md <<EOF
# Test plan: $title

Made from [spec.md](spec.md). The stage 'tests' runs every script test-*.sh; exit code 0 is a pass.

## Tests

EOF
begin scripts/implement.sh <<'EOF'
#!/bin/sh
# Makes the change, as far as a script can: generated code, moved files. Run once, from the root of the repository.
set -eu
EOF
numbers AC spec.md | while read -r criterion; do
  script=scripts/test-$(printf '%s' "$criterion" | lower).sh
  begin "$script" <<EOF
#!/bin/sh
# $(bullets spec.md 'Acceptance Criteria' | grep "^${criterion}[^0-9]" | head -n 1)
# stub: it sees no more than that the criterion still stands. Put a test of the behaviour here, and take this line out.
set -eu
grep -q '$criterion' "\$(dirname "\$0")/../spec.md"
EOF
  chmod +x "$docs/$script"
  if ! names test_plan.md "$criterion"; then
    add test_plan.md Tests "- $criterion: [$script]($script)"
  fi
done
chmod +x "$docs/scripts/implement.sh"
