#!/usr/bin/env python3
"""Fails where the documents and the product part ways.

Relative links of every .md file, and documents that comments in the code name, exist. Each command and flag that
the program's own --help shows stands in docs/reference/cli.md and in man/headway.1. Each key of
schema/headway.schema.json stands in docs/reference/workflow-file.md. Without --binary commands and flags are not
checked, and that is said.
"""
import argparse
import json
import pathlib
import re
import subprocess
import sys

LEFT_OUT = {"build", ".git", ".headway", "dist"}
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$", re.MULTILINE)
FLAG = re.compile(r"(?<![\w-])(--[a-z][\w-]*|-[A-Za-z](?![\w-]))")
COMMAND_LINE = re.compile(r"^ {2}([a-z][a-z-]*)(?:\s+\[[^\]]*\]|\s+[A-Z.]+)*(?:\s{2,}\S.*)?$")

MENTION = re.compile(r"(?<![\w/])docs/[\w./-]+\.md")
NOT_BUILT = re.compile(r"^Known, but not built yet", re.MULTILINE)


def slug(heading):
    """The anchor that GitHub makes of a heading."""
    return re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower()).replace(" ", "-")


def check_links(root):
    for path in sorted(root.rglob("*.md")):
        where = path.relative_to(root)
        if LEFT_OUT & set(where.parts):
            continue
        # Fenced code keeps its line breaks, so that line numbers stay right.
        text = FENCE.sub(lambda m: "\n" * m.group(0).count("\n"), path.read_text())
        for number, line in enumerate(text.splitlines(), 1):
            for target in LINK.findall(re.sub(r"`[^`]*`", "", line)):
                if re.match(r"[a-z][a-z+.-]*:", target):
                    continue  # another site: no network here
                file, _, anchor = target.partition("#")
                goal = (path.parent / file).resolve() if file else path
                if not goal.exists():
                    yield f"{where}:{number}: no such file: {target}"
                elif anchor and goal.suffix == ".md":
                    if anchor not in map(slug, HEADING.findall(FENCE.sub("", goal.read_text()))):
                        yield f"{where}:{number}: no such heading: {target}"


def check_mentions(root):
    """A comment in the code that names a document names one that exists."""
    for folder in ("include", "src", "tests", "benchmarks", "fuzz"):
        for path in sorted((root / folder).rglob("*.?pp")):
            for number, line in enumerate(path.read_text().splitlines(), 1):
                for name in MENTION.findall(line):
                    if not (root / name).exists():
                        yield f"{path.relative_to(root)}:{number}: no such document: {name}"


def help_of(binary, *command):
    run = subprocess.run([binary, *command, "--help"], capture_output=True, text=True, timeout=60)
    if run.returncode != 0:
        raise ValueError(f"{' '.join(command) or 'headway'} --help ends with exit code {run.returncode}")
    return NOT_BUILT.split(run.stdout)[0]


def commands_in(text):
    """The subcommands that a help text lists: the lines below a heading with "command" in it."""
    found, inside = [], False
    for line in text.splitlines():
        if line and not line[0].isspace():
            inside = "command" in line.lower() and not line.lower().startswith("usage")
        elif inside and (match := COMMAND_LINE.match(line)):
            found.append(match.group(1))
    return found


def surface(binary):
    """{command: its flags}; "" is the program itself. Raises ValueError where --help is not understood."""
    text = help_of(binary)
    commands = commands_in(text)
    if not commands or not FLAG.search(text):
        raise ValueError("headway --help lists no commands or no flags: nothing would be checked")
    found = {"": set(FLAG.findall(text))}
    for command in commands:
        found[command] = set(FLAG.findall(help_of(binary, command)))
    return found


def check_surface(root, found):
    documents = {
        "docs/reference/cli.md": (root / "docs/reference/cli.md").read_text(),
        "man/headway.1": (root / "man/headway.1").read_text().replace("\\-", "-"),
    }
    for name, text in documents.items():
        said = set(FLAG.findall(text))
        for command, flags in found.items():
            if command and not re.search(rf"(?<![\w-]){re.escape(command)}(?![\w-])", text):
                yield f"{name}:1: command {command} is not documented"
            for flag in sorted(flags - said):
                yield f"{name}:1: flag {flag} of `headway {command}`".rstrip("` ") + "` is not documented"


def schema_keys(node):
    """Every property name of a JSON Schema, at any depth."""
    if isinstance(node, dict):
        properties = node.get("properties")
        if isinstance(properties, dict):
            yield from properties
        for value in node.values():
            yield from schema_keys(value)
    elif isinstance(node, list):
        for value in node:
            yield from schema_keys(value)


def check_schema(root):
    keys = set(schema_keys(json.loads((root / "schema/headway.schema.json").read_text())))
    if not keys:
        raise ValueError("schema/headway.schema.json has no properties: nothing would be checked")
    text = (root / "docs/reference/workflow-file.md").read_text()
    for key in sorted(keys):
        if not re.search(rf"`[^`\n]*(?<![\w-]){re.escape(key)}(?![\w-])[^`\n]*`", text):
            yield f"docs/reference/workflow-file.md:1: key {key} of the schema is not documented"


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent.parent)
    parser.add_argument("--binary", help="the headway program; without it commands and flags are not checked")
    given = parser.parse_args(arguments)
    try:
        problems = [*check_links(given.root), *check_mentions(given.root), *check_schema(given.root)]
        if given.binary:
            problems.extend(check_surface(given.root, surface(given.binary)))
        else:
            print("docs: no --binary: commands and flags were not checked", file=sys.stderr)
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        print(error, file=sys.stderr)
        return 2
    for problem in problems:
        print(problem)
    print(f"docs: {len(problems)} problems", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
