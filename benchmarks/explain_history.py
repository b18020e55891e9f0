#!/usr/bin/env python3
"""How well the failing part is found when earlier failures of the same repository are known.

usage: explain_history.py HEADWAY_BINARY

The logs are those of explain_score.py. The protocol is the published one (Brandt and others, "LogChunks", MSR 2020): of each log the 1 to 5 failures of
its repository before it are known, with the lines that a person marked; F1 over lines, best of the places where the part
stands, mean over logs. Beside it: `headway explain` without history, and the last part's line numbers from the end.
The part is carried over from the earlier failure whose surroundings are found again; where none is, `headway explain` says.
"""
import argparse
import collections
import json
import re
import subprocess
import sys

from explain_score import labelled_logs

ESCAPES = re.compile(rb"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[()].|.)")
NUMBERS = re.compile(r"0x[0-9a-f]+|\b[0-9a-f]{7,40}\b|[0-9]+")
WORDS = re.compile(r"[A-Za-z_]+|[^\sA-Za-z_]")
MAX_HISTORY = 5
SURE = 0.55  # a start that is less alike than that is none


def read_lines(path):
    lines = []
    for raw in path.read_bytes().split(b"\n"):
        parts = [part for part in ESCAPES.sub(b"", raw).split(b"\r") if part.strip()]
        lines.append(parts[-1].decode("utf-8", "replace") if parts else "")
    return lines


def kind_of(line):
    return NUMBERS.sub("0", line.strip().lower())


class Log:
    """One log: the kinds of its lines, 1-based with a blank line before and after."""

    def __init__(self, label, folder):
        self.chunks = label["chunks"]
        self.path = folder / "logs" / label["log"]
        self.kinds = [""] + [kind_of(line) for line in read_lines(self.path)] + ["", ""]
        self.count = len(self.kinds) - 3 if self.kinds[-3:] == ["", "", ""] else len(self.kinds) - 2
        self.places = collections.defaultdict(list)
        for number, kind in enumerate(self.kinds):
            if kind:
                self.places[kind].append(number)
        self.words = {}

    def words_of(self, number):
        if number not in self.words:
            self.words[number] = frozenset(WORDS.findall(self.kinds[number][:300]))
        return self.words[number]


def alike(a, i, b, j):
    """0..1: how much line i of a and line j of b have in common."""
    if i < 0 or j < 0 or i >= len(a.kinds) or j >= len(b.kinds):
        return 0.0
    if a.kinds[i] == b.kinds[j]:
        return 1.0
    one, other = a.words_of(i), b.words_of(j)
    return len(one & other) / len(one | other) if one and other else 0.0


def start_in(log, past, first):
    """The line of log that stands where line `first` of past does, and how sure that is."""
    best = (0.0, 0)
    rare = 1.0 / max(1, len(past.places.get(past.kinds[first], ())))
    for number in range(1, log.count + 1):
        own = alike(log, number, past, first)
        before = alike(log, number - 1, past, first - 1) if past.kinds[first - 1] else (
            1.0 if not log.kinds[number - 1] else 0.0)
        if own < 0.3 and before < 0.9:
            continue
        before2 = alike(log, number - 2, past, first - 2)
        after = alike(log, number + 1, past, first + 1)
        end = 0.1 * (1 - abs((log.count - number) - (past.count - first)) / max(log.count, past.count))
        score = 0.45 * own + 0.25 * before + 0.1 * before2 + 0.1 * after + end + 0.001 * rare
        if score > best[0] + 1e-9:
            best = (score, number)
    return best


def end_in(log, past, chunk, start):
    """The last line of the part that starts there: what stands behind it is found again."""
    first, last = chunk
    length = last - first + 1
    guess = min(log.count, start + length - 1)
    best = (0.0, guess)
    for number in range(start, min(log.count, start + max(40, 3 * length)) + 1):
        behind = alike(log, number + 1, past, last + 1) if past.kinds[min(last + 1, len(past.kinds) - 1)] else (
            1.0 if not log.kinds[number + 1] else 0.0)
        behind2 = alike(log, number + 2, past, last + 2)
        own = alike(log, number, past, last)
        near = 1 - abs(number - guess) / max(length, 10)
        score = 0.35 * own + 0.3 * behind + 0.2 * behind2 + 0.25 * near
        if score > best[0] + 1e-9:
            best = (score, number)
    return best[1]


def carried_over(log, history):
    """The part by the nearest earlier failure, or nothing."""
    best = (0.0, None)
    for age, past in enumerate(reversed(history)):
        for chunk in past.chunks[:3]:
            score, start = start_in(log, past, chunk[0])
            score -= 0.01 * age
            if score > best[0] and start:
                best = (score, (past, chunk, start))
    if best[0] < SURE:
        return None
    past, chunk, start = best[1]
    return set(range(start, end_in(log, past, chunk, start) + 1))


def explained(binary, log):
    done = subprocess.run([binary, "explain", "--json", "--exit-code", "1", str(log.path)], capture_output=True, text=True,
                          check=True)
    excerpt = json.loads(done.stdout)["excerpt"]
    return set(range(excerpt[0]["first"], excerpt[0]["last"] + 1)) if excerpt else set()


def f1(shown, chunks):
    best = 0.0
    for first, last in chunks:
        wanted = last - first + 1
        hit = len([number for number in shown if first <= number <= last])
        best = max(best, 2 * hit / (len(shown) + wanted) if hit else 0.0)
    return best


def same_lines_from_end(log, past):
    first, last = past.chunks[0]
    return set(range(max(1, log.count - (past.count - first)), max(1, log.count - (past.count - last)) + 1))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    options, _ = parser.parse_known_args()
    with labelled_logs() as folder:
        if folder is None:
            print("skipped: no labelled logs (HEADWAY_TEST_DATA)")
            return 0
        return measure(options.binary, folder)


def measure(binary, folder):
    repositories = collections.defaultdict(list)
    for line in (folder / "labels.jsonl").read_text().splitlines():
        label = json.loads(line)
        repositories[label["repo"]].append(label)
    sums = collections.defaultdict(lambda: [0.0, 0])
    for name, labels in repositories.items():
        logs = [Log(label, folder) for label in labels]
        for at in range(1, len(logs)):
            alone = explained(binary, logs[at])
            results = {"headway without history": alone, "same lines from the end": same_lines_from_end(logs[at], logs[at - 1])}
            for known in range(1, MAX_HISTORY + 1):
                if known <= at:
                    carried = carried_over(logs[at], logs[at - known:at])
                    results[f"history of {known}"] = carried or alone
            for method, shown in results.items():
                sums[method][0] += f1(shown, logs[at].chunks)
                sums[method][1] += 1
        print(f"{name}: " + ", ".join(f"{m} {s / n:.2f}" for m, (s, n) in sums.items()), file=sys.stderr)
    for method, (total, count) in sums.items():
        print(f"{method:26} F1 {total / count:.3f}  logs {count}")
    known = [sums[f"history of {k}"] for k in range(1, MAX_HISTORY + 1)]
    print(f"{'history of 1 to 5':26} F1 {sum(s for s, _ in known) / sum(n for _, n in known):.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
