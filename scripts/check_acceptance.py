#!/usr/bin/env python3
"""Fails where docs/acceptance.md and the tests part ways.

Each of the original's 66 tests (U1 to U19, I1 to I47) and of its known defects (D1 to D36) has one row; each row names tests
that exist in tests/, or says "not yet:" and what is missing.
"""
import argparse
import pathlib
import re
import sys

ROWS = [*(f"U{n}" for n in range(1, 20)), *(f"I{n}" for n in range(1, 48)), *(f"D{n}" for n in range(1, 37))]
ROW = re.compile(r"^\| ([A-Z]\d+) \| (.*?) \| (.*) \|$")
NAME = re.compile(r"`(\w+\.\w+)`")
TEST = re.compile(r"^TEST(?:_F|_P)?\(\s*(\w+),\s*(\w+)\)", re.MULTILINE)


def tests_of(root):
    """The names of all tests, as "Suite.situation"."""
    found = set()
    for path in sorted((root / "tests").rglob("*_test.cpp")):
        found.update(f"{suite}.{name}" for suite, name in TEST.findall(path.read_text()))
    if not found:
        raise ValueError("tests/ has no test: nothing would be checked")
    return found


def check_row(shown_by, tests):
    """What is wrong with the last column of a row, one text each."""
    named, _, missing = shown_by.partition("not yet:")
    names = NAME.findall(named)
    if not names and not missing.strip():
        yield 'names no test and does not say "not yet:" with what is missing'
    if rest := re.sub(r"[\s,;]", "", NAME.sub("", named)):
        yield f"not understood: {rest}"
    for name in names:
        if name not in tests:
            yield f"no such test: {name}"


def check(root):
    """(problems, number of rows that are met)."""
    problems, seen, met = [], {}, 0
    tests = tests_of(root)
    for number, line in enumerate((root / "docs/acceptance.md").read_text().splitlines(), 1):
        if not (match := ROW.match(line)):
            continue
        row, _, shown_by = match.groups()
        where = f"docs/acceptance.md:{number}: {row}"
        if row in seen:
            problems.append(f"{where} stands in line {seen[row]} already")
        seen.setdefault(row, number)
        if row not in ROWS:
            problems.append(f"{where} is no known row")
        problems.extend(f"{where} {text}" for text in check_row(shown_by, tests))
        met += "not yet:" not in shown_by
    problems.extend(f"docs/acceptance.md:1: {row} has no row" for row in ROWS if row not in seen)
    return problems, met


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent.parent)
    given = parser.parse_args(arguments)
    try:
        problems, met = check(given.root)
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    for problem in problems:
        print(problem)
    print(f"acceptance: {met} of {len(ROWS)} rows are met, {len(problems)} problems", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
