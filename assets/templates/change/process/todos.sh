#!/bin/sh
# Stage 0: todo.md from its template.
. "$(dirname "$0")/lib.sh"

fill todo.md | begin todo.md
