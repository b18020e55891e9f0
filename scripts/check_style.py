#!/usr/bin/env python3
"""Fails on what CONTRIBUTING.md forbids and neither compiler, clang-format nor clang-tidy sees.

Sizes of files and functions, opening comments, contracts and names of types, headers that stay out of include/headway,
sleeps and clocks in unit tests, unit tests that mirror nothing, notes to self, paths of one machine.
It knows nothing of layers.
"""
import argparse
import json
import pathlib
import re
import shutil
import subprocess
import sys

MAX_FILE_LINES = 600
MAX_FUNCTION_LINES = 70

CODE_FOLDERS = ("src", "include", "tests", "benchmarks", "fuzz")
TEXT_FOLDERS = CODE_FOLDERS + ("cmake", "docs", "man", "schema", "scripts", "examples", ".ci")
CODE = {".hpp", ".cpp", ".h", ".cc"}
TEXT = CODE | {".py", ".sh", ".md", ".cmake", ".txt", ".in", ".yaml", ".yml", ".json", ".1", ""}
LEFT_OUT = {"build", ".git", ".headway", "__pycache__", "dist"}
# Bad on purpose, or the patterns themselves.
QUOTES_BAD_THINGS = {"scripts/check_style.py", "tests/scripts/check_style_test.py"}

HEAVY = {"iostream", "regex", "thread"}
STANDARD_HEADER = re.compile(r"^[a-z_]+$")
INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]')
UNIT_TEST_FORBIDDEN = re.compile(
    r"\b(sleep_for|sleep_until|usleep|nanosleep|sleep\s*\(|\w+_clock::now|clock_gettime|fork\s*\(|vfork\s*\(|"
    r"posix_spawnp?\s*\(|popen\s*\(|system\s*\()")
NOTE_TO_SELF = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b(?!s)")
MACHINE_PATH = re.compile(r"(?<![\w.}$)*-])/(?:work|home|root|Users|mnt)/[\w.-]")
TYPE = re.compile(r"^(?:class|struct|union|enum(?: class| struct)?)\s+(?:\[\[\w+\]\]\s+|HEADWAY_\w+(?:\(\"\w+\"\))?\s+)*"
                  r"(\w+)(?=[^;]*$|[^;]*\{)")
ALIAS_OR_CONCEPT = re.compile(r"^(?:using|concept)\s+(\w+)\s*=")
PRELUDE = re.compile(r"^(?:template\s*<.*|requires\b.*|\[\[\w+\]\])$")


def files(root, folders, suffixes):
    """The files of the named folders and, for text, of the root itself; what is made by tools is left out."""
    found = []
    for folder in folders:
        found.extend((root / folder).rglob("*"))
    if suffixes is TEXT:
        found.extend(root.glob("*"))
    for path in sorted(found):
        if not LEFT_OUT & set(path.relative_to(root).parts) and path.suffix in suffixes and path.is_file():
            yield path, path.relative_to(root).as_posix()


def check_file_size(lines, name):
    if len(lines) > MAX_FILE_LINES:
        yield f"{name}:{MAX_FILE_LINES + 1}: {len(lines)} lines; a file has at most {MAX_FILE_LINES}"


def check_opening_comment(lines, name, suffix):
    if suffix in CODE:
        good = bool(lines) and re.match(r"^// \S", lines[0])
    else:
        body = [line for line in lines if not line.startswith("#!")]
        good = bool(body) and re.match(r'^("""\S|# \S)', body[0])
    if not good:
        yield f"{name}:1: the first line must be a comment that says what the file is for"


def check_types_documented(lines, name):
    """A type at the outer level of a header has a comment right above it."""
    for number, line in enumerate(lines, 1):
        match = TYPE.match(line) or ALIAS_OR_CONCEPT.match(line)
        if not match:
            continue
        above = number - 2
        while above >= 0 and PRELUDE.match(lines[above]):
            above -= 1
        if above < 0 or not (lines[above].startswith("//") or lines[above].startswith("using ")):
            yield f"{name}:{number}: type {match.group(1)} has no contract above it"


def types_defined(lines):
    """(line, namespace::name) of every type at the outer level of a header."""
    namespace = ""
    for number, line in enumerate(lines, 1):
        opened = re.match(r"^namespace ([\w:]+) \{", line)
        namespace = opened.group(1) if opened else namespace
        match = TYPE.match(line)
        if not match or match.group(1).startswith("HEADWAY_") or "template <>" in lines[number - 2]:
            continue
        if line[match.end():match.end() + 1] not in (":", "<"):
            yield number, f"{namespace}::{match.group(1)}"


def check_type_names(headers):
    """Two types of one name are one to the linker: it takes the functions of either for both."""
    first = {}
    for name, lines in headers:
        for number, kind in types_defined(lines):
            if kind in first:
                yield f"{name}:{number}: type {kind} is another one in {first[kind]}; name one of them differently"
            first.setdefault(kind, f"{name}:{number}")


def check_public_includes(lines, name):
    for number, line in enumerate(lines, 1):
        match = INCLUDE.match(line)
        if not match or match.group(2).startswith("headway/"):
            continue
        header = match.group(2)
        if header in HEAVY:
            yield f"{name}:{number}: <{header}> is too heavy for a public header"
        elif match.group(1) == '"' or not STANDARD_HEADER.match(header):
            yield f"{name}:{number}: a public header includes only the standard library and headway/: {header}"


def mirrors(root, folder_below, stem):
    """Whether a unit test's stem names a file of the folder (a layer, or one inside it): scheduler (scheduler.hpp),
    scheduler_retry (one side of it), or observers (several files that end in _observer)."""
    words = stem.split("_")
    patterns = ["_".join(words[:count]) for count in range(1, len(words) + 1)]
    if stem.endswith("s"):
        patterns.append("*_" + stem[:-1])
    return any(any((root / folder).glob(pattern + ".?pp"))
               for pattern in patterns for folder in (f"src/{folder_below}", "include/headway"))


def check_unit_test(root, lines, name):
    for number, line in enumerate(lines, 1):
        code = line.split("//")[0]
        match = UNIT_TEST_FORBIDDEN.search(re.sub(r'"(\\.|[^"\\])*"', '""', code))
        if match:
            yield f"{name}:{number}: no sleep, clock or process in a unit test: {match.group(1).strip()}"
    below, _, file = name.removeprefix("tests/unit/").rpartition("/")
    if below and file.endswith("_test.cpp"):
        stem = file[:-len("_test.cpp")]
        if not mirrors(root, below, stem):
            yield f"{name}:1: mirrors no file: src/{below}/{stem}.hpp, .cpp or include/headway/{stem}.hpp"


def check_words(lines, name):
    for number, line in enumerate(lines, 1):
        if NOTE_TO_SELF.search(line):
            yield f"{name}:{number}: a note to self; do it, or open an issue"
        if MACHINE_PATH.search(line):
            yield f"{name}:{number}: a path of one machine"


def function_lengths(paths):
    """(path, line, name, lines) of every C++ function, by universal-ctags."""
    if shutil.which("ctags") is None:
        raise OSError("ctags not found; install universal-ctags")
    listing = subprocess.run(
        ["ctags", "--output-format=json", "--fields=+ne", "--languages=C++", "--langmap=C++:.cpp.hpp.h.cc",
         "--kinds-C++=f", "-f", "-", "-L", "-"],
        input="\n".join(map(str, paths)), capture_output=True, text=True, check=True).stdout
    for line in listing.splitlines():
        tag = json.loads(line)
        if "end" in tag:
            yield tag["path"], tag["line"], tag["name"], tag["end"] - tag["line"] + 1


def check_functions(root, paths):
    """Problems, and how many functions were seen."""
    problems, seen = [], 0
    for path, line, name, length in function_lengths(paths):
        seen += 1
        if length > MAX_FUNCTION_LINES:
            where = pathlib.Path(path).relative_to(root)
            problems.append(f"{where}:{line}: {name} has {length} lines; a function has at most {MAX_FUNCTION_LINES}")
    return problems, seen


def check(root):
    """All problems of the tree, and the numbers of files and functions looked at."""
    problems, code, headers = [], [], []
    for path, name in files(root, TEXT_FOLDERS, TEXT):
        try:
            lines = path.read_text().splitlines()
        except UnicodeDecodeError:
            continue  # not text: test data
        if name not in QUOTES_BAD_THINGS:
            problems.extend(check_words(lines, name))
        if path.suffix in CODE | {".py", ".sh", ".cmake"} and not name.startswith("examples/"):
            problems.extend(check_opening_comment(lines, name, path.suffix))
            problems.extend(check_file_size(lines, name))
        if path.suffix not in CODE or not name.startswith(CODE_FOLDERS):
            continue
        code.append(path)
        if name.startswith(("include/", "src/")) and path.suffix in {".hpp", ".h"}:
            problems.extend(check_types_documented(lines, name))
            headers.append((name, lines))
        if name.startswith("include/headway/"):
            problems.extend(check_public_includes(lines, name))
        if name.startswith("tests/unit/"):
            problems.extend(check_unit_test(root, lines, name))
    problems.extend(check_type_names(headers))
    long_functions, functions = check_functions(root, code)
    return problems + long_functions, len(code), functions


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent.parent)
    root = parser.parse_args(arguments).root.resolve()
    try:
        problems, sources, functions = check(root)
    except (OSError, subprocess.CalledProcessError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    if sources == 0 or functions == 0:
        print("no functions found: nothing was checked", file=sys.stderr)
        return 2
    for problem in problems:
        print(problem)
    print(f"style: {sources} sources, {functions} functions, {len(problems)} problems", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
