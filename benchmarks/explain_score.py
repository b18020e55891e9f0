#!/usr/bin/env python3
"""How much of the failing part of labelled logs `headway explain` shows.

usage: explain_score.py HEADWAY_BINARY [--data FOLDER] [--least-hit H] [--least-recall R]

FOLDER (default: $HEADWAY_TEST_DATA/failure-logs, else ../shared/failure-logs) holds logchunks-dev.tar.xz, or lc-dev/ unpacked.
hit: at least one line that a person marked is among the 30 shown; recall: the share of the marked lines (best of the places
where the part stands). Beside it: the last 30 lines, and 30 lines around the last "error". The trees were grown from these
logs: what is said of repositories that they have not seen is told by excerpt_training.
"""
import argparse
import contextlib
import json
import os
import pathlib
import subprocess
import sys
import tarfile
import tempfile

BUDGET = 30


@contextlib.contextmanager
def labelled_logs(data=None):
    """The folder with labels.jsonl and logs/, unpacked for the time being where need be; None where there is none."""
    if data is None:
        data = os.environ.get("HEADWAY_TEST_DATA") or pathlib.Path(__file__).resolve().parents[2] / "shared"
        data = pathlib.Path(data) / "failure-logs"
    if (data / "labels.jsonl").is_file():
        yield data
    elif (data / "lc-dev" / "labels.jsonl").is_file():
        yield data / "lc-dev"
    elif (data / "logchunks-dev.tar.xz").is_file():
        with tempfile.TemporaryDirectory() as folder:
            with tarfile.open(data / "logchunks-dev.tar.xz") as archive:
                archive.extractall(folder)
            yield pathlib.Path(folder) / "lc-dev"
    else:
        yield None


def explained(binary, path, _lines):
    done = subprocess.run([binary, "explain", "--json", "--exit-code", "1", "--max-lines", str(BUDGET), str(path)],
                          capture_output=True, text=True, check=True)
    parts = json.loads(done.stdout)["excerpt"]
    return [number for part in parts for number in range(part["first"], part["last"] + 1)]


def last_lines(_binary, _path, lines):
    return range(max(1, len(lines) - BUDGET + 1), len(lines) + 1)


def around_last_error(_binary, _path, lines):
    for number in range(len(lines), 0, -1):
        if b"error" in lines[number - 1].lower():
            return range(max(1, number - BUDGET // 2 + 1), number + BUDGET // 2 + 1)
    return []


def judge(shown, chunks):
    shown = set(list(shown)[:BUDGET])
    return max(len(shown & set(range(first, last + 1))) / (last - first + 1) for first, last in chunks)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("--data", type=pathlib.Path)
    parser.add_argument("--least-hit", type=float, default=0)
    parser.add_argument("--least-recall", type=float, default=0)
    options, _ = parser.parse_known_args()
    methods = {"headway explain": explained, "last 30 lines": last_lines, "around the last error": around_last_error}
    with labelled_logs(options.data) as folder:
        if folder is None:
            print("skipped: no labelled logs (HEADWAY_TEST_DATA)")
            return 0
        labels = [json.loads(line) for line in (folder / "labels.jsonl").read_text().splitlines()]
        found = {name: [] for name in methods}
        for label in labels:
            path = folder / "logs" / label["log"]
            lines = path.read_bytes().split(b"\n")
            for name, method in methods.items():
                found[name].append(judge(method(options.binary, path, lines), label["chunks"]))
    for name, recalls in found.items():
        print(f"{name:24} hit {sum(r > 0 for r in recalls) / len(recalls):.3f}  recall {sum(recalls) / len(recalls):.3f}")
    recalls = found["headway explain"]
    good = sum(r > 0 for r in recalls) / len(recalls) >= options.least_hit
    return 0 if good and sum(recalls) / len(recalls) >= options.least_recall else 1


if __name__ == "__main__":
    sys.exit(main())
