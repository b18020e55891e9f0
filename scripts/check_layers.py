#!/usr/bin/env python3
"""Fails where an #include, or a DEPENDS in CMakeLists.txt, points against the layers of ARCHITECTURE.md.

The table there is the only list of layers: this script reads it. It knows nothing of sizes or style.
"""
import argparse
import pathlib
import re
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]')
LAYER_LINE = re.compile(r"^// layer: (\S+)$", re.MULTILINE)
TABLE_ROW = re.compile(r"^\|\s*`src/([a-z_]+)/`\s*\|[^|]*\|([^|]*)\|")
CMAKE_LAYER = re.compile(r"^headway_layer\((\w+)(?:\s+DEPENDS\s+([a-z_ ]+?))?(?:\s+LIBRARIES\b[^)]*)?\)", re.MULTILINE)
SOURCES = {".hpp", ".cpp", ".h", ".cc"}

# Third-party headers that one layer alone (of RE2: two) may see: what they cost, or what they are, stays there.
KEPT_IN = {"nlohmann/": ("base",), "yaml.h": ("model",), "sqlite3.h": ("timing",), "CLI/": ("cli",),
           "re2/": ("base", "diagnostics"), "expat.h": ("quality",), "zlib.h": ("diagnostics",)}


class Layers:
    """The table of ARCHITECTURE.md: which layer may include which."""

    def __init__(self, allowed):
        self.allowed = allowed

    @classmethod
    def parse(cls, text):
        """Raises ValueError where there is no table or a cell that is not understood."""
        rows = [m.groups() for m in map(TABLE_ROW.match, text.splitlines()) if m]
        names = [name for name, _ in rows]
        if "base" not in names:
            raise ValueError("ARCHITECTURE.md has no table of layers with a row for src/base/")
        allowed = {}
        for at, (name, cell) in enumerate(rows):
            cell = cell.strip()
            if cell == "all":
                allowed[name] = set(names)
            elif cell == "all above":
                allowed[name] = set(names[:at])
            elif cell in ("-", ""):
                allowed[name] = set()
            else:
                allowed[name] = {word.strip() for word in cell.split(",")}
            unknown = allowed[name] - set(names)
            if unknown:
                raise ValueError(f"ARCHITECTURE.md: row {name} names unknown layers: {', '.join(sorted(unknown))}")
        return cls(allowed)

    def permits(self, source, target):
        return target in self.allowed[source] | {source, "base"}


def public_layers(root, layers, problems):
    """Maps each public header's name ("timing.hpp") to the layer that its `// layer:` line names."""
    found = {}
    for path in sorted((root / "include/headway").glob("**/*")):
        if path.suffix not in SOURCES:
            continue
        where = path.relative_to(root)
        names = LAYER_LINE.findall(path.read_text())
        if len(names) != 1:
            problems.append(f"{where}:1: needs exactly one line `// layer: NAME`, has {len(names)}")
        elif names[0] not in layers.allowed:
            problems.append(f"{where}:1: unknown layer {names[0]}")
        else:
            found[path.relative_to(root / "include/headway").as_posix()] = names[0]
    return found


def layer_of_include(root, path, quote, name, layers, public):
    """The layer an include belongs to; None: not ours; "?": ours, but not known."""
    first, _, rest = name.partition("/")
    if first == "headway" and rest:
        return public.get(rest, "?")
    if first in layers.allowed and rest:
        return first
    if quote == '"' or name.startswith("."):
        target = (path.parent / name).resolve()
        for folder in (root / "src", root / "include"):
            if target.is_relative_to(folder.resolve()) and target.exists():
                inside = target.relative_to(folder.resolve()).parts
                return public.get("/".join(inside[1:]), "?") if folder.name == "include" else inside[0]
    return None


def check_file(root, path, layer, layers, public):
    for number, line in enumerate(path.read_text().splitlines(), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        quote, name = match.groups()
        where = f"{path.relative_to(root)}:{number}"
        for prefix, homes in KEPT_IN.items():
            if name.startswith(prefix) and layer not in homes:
                yield f"{where}: <{name}> stays inside src/{' or src/'.join(homes)}"
        target = layer_of_include(root, path, quote, name, layers, public)
        if target == "?":
            yield f"{where}: no such public header, or it names no layer: {name}"
        elif target is not None and not layers.permits(layer, target):
            yield f"{where}: {layer} must not include {target} ({name})"


def files_with_layer(root, layers, public, problems):
    """Every file the table speaks about: src/, include/, and the unit tests that mirror src/."""
    for folder in ("src", "tests/unit"):
        for path in sorted((root / folder).glob("*/**/*")):
            if path.suffix not in SOURCES:
                continue
            layer = path.relative_to(root / folder).parts[0]
            if layer in layers.allowed:
                yield path, layer
            else:
                problems.append(f"{path.relative_to(root)}:1: folder {layer} is not in the table of ARCHITECTURE.md")
    for name, layer in public.items():
        yield root / "include/headway" / name, layer


def check_cmake(root, layers):
    path = root / "CMakeLists.txt"
    if not path.exists():
        return
    for name, depends in CMAKE_LAYER.findall(path.read_text()):
        for target in depends.split():
            if name in layers.allowed and not layers.permits(name, target):
                yield f"CMakeLists.txt:1: layer {name} must not depend on {target}"


def check(root):
    """All problems of the tree, as "file:line: message", and the number of files looked at."""
    layers = Layers.parse((root / "ARCHITECTURE.md").read_text())
    problems = []
    public = public_layers(root, layers, problems)
    count = 0
    for path, layer in files_with_layer(root, layers, public, problems):
        count += 1
        problems.extend(check_file(root, path, layer, layers, public))
    problems.extend(check_cmake(root, layers))
    return problems, count


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent.parent)
    root = parser.parse_args(arguments).root
    try:
        problems, count = check(root)
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    if count == 0:
        print("no sources found: nothing was checked", file=sys.stderr)
        return 2
    for problem in problems:
        print(problem)
    print(f"layers: {count} files, {len(problems)} problems", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
