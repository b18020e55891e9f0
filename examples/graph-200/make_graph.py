#!/usr/bin/env python3
"""Prints the workflow of this folder: 200 quick stages with the needs of a build of ten modules."""

MODULES = 10
COMPILES = 12
TESTS = 4
DOCUMENTS = 7


def stages():
    """(key, needs, run) of every stage, in the order of the file."""
    yield "prepare", [], ["mkdir", "-p", "build"]
    for module in range(1, MODULES + 1):
        name = f"m{module:02}"
        yield f"{name}.generate", ["prepare"], ["printf", "%s\\n", f"generated {name}"]
        objects = [f"{name}.compile_{part:02}" for part in range(1, COMPILES + 1)]
        for key in objects:
            yield key, [f"{name}.generate"], ["printf", "%s\\n", key]
        below = [f"m{module // 2:02}.link"] if module > 1 else []
        yield f"{name}.link", objects + below, f"printf '%s\\n' {name} | tr a-z A-Z"
        for test in range(1, TESTS + 1):
            yield f"{name}.test_{test}", [f"{name}.link"], ["true"]
        yield f"{name}.lint", [f"{name}.generate"], ["true"]
    documents = [f"docs_{part}" for part in range(1, DOCUMENTS + 1)]
    for key in documents:
        yield key, ["prepare"], ["true"]
    tests = [f"m{module:02}.test_{test}" for module in range(1, MODULES + 1) for test in range(1, TESTS + 1)]
    yield "package", tests + documents, "echo packed > build/package.txt"
    yield "report", ["package"], "cat build/package.txt"


def quoted(words):
    """A YAML flow sequence of double-quoted strings."""
    return "[" + ", ".join('"' + word.replace("\\", "\\\\") + '"' for word in words) + "]"


def main():
    print("# Made by make_graph.py: change that file, not this one.")
    print("version: 1\nname: graph-200\ndefaults: {timeout: 1m}\n\nstages:")
    for key, needs, run in stages():
        print(f"  {key}:")
        if needs:
            print(f"    needs: [{', '.join(needs)}]")
        print(f"    run: {quoted(run) if isinstance(run, list) else run}")


if __name__ == "__main__":
    main()
