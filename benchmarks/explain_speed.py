#!/usr/bin/env python3
"""How fast `headway explain` reads a log, and in how much memory.

usage: explain_speed.py HEADWAY_BINARY [--megabytes N]

The log is made here: a build and its tests with escape sequences, progress bars of carriage returns, bytes that are no UTF-8,
and one failure in the middle. Read from a file and from standard input, beside `grep -ciE` with 20 words of failure. Medians
of interleaved rounds; memory is the peak of the process.
"""
import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time

ROUNDS = 5
WORDS = ("error|fail|fatal|exception|panic|traceback|assert|abort|cannot|unable|denied|refused|timeout|missing|undefined|"
         "invalid|killed|segfault|not found|no such")


def lines_of_a_build(rng):
    """One block of output, some 100 KB; no two blocks are alike."""
    words = [f"{rng.choice(['core', 'net', 'ui', 'db', 'util'])}_{rng.randrange(10 ** 6)}" for _ in range(400)]
    for number, word in enumerate(words):
        yield b"\x1b[32m[%3d%%]\x1b[0m Building CXX object src/%s/%s.cpp.o" % (number % 100, word[:4].encode(), word.encode())
        yield b"test %s::reads_%d ... \x1b[32mok\x1b[0m" % (word.encode(), rng.randrange(1000))
        if number % 40 == 0:
            yield b"\r".join(b"Downloading %d%% [%s]" % (step, b"=" * (step // 4)) for step in range(0, 101, 5))
        if number % 70 == 0:
            yield b"warning: \xff\xfe bytes of %s \xc3\x28 are no text" % word.encode()
        yield b"2026-01-02T10:11:%02d.%03dZ INFO  worker-%d handled request %d in %d ms" % (
            rng.randrange(60), rng.randrange(1000), rng.randrange(9), rng.randrange(10 ** 6), rng.randrange(900))


def write_log(path, size):
    rng = random.Random(5)
    written, failed = 0, False
    with open(path, "wb") as log:
        while written < size:
            block = b"\n".join(lines_of_a_build(rng)) + b"\n"
            if written > size // 2 and not failed:
                block += b"--- FAIL: TestReader (0.03s)\n    reader_test.go:75: expected 3, got 4\n"
                failed = True
            written += log.write(block)


def timed(command, **redirections):
    started = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, **redirections)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return time.monotonic() - started, usage.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("--megabytes", type=int, default=200)
    options, _ = parser.parse_known_args()
    explain = [options.binary, "explain", "--json", "--exit-code", "1"]
    with tempfile.TemporaryDirectory() as folder:
        path = folder + "/log"
        write_log(path, options.megabytes * 10 ** 6)
        size = os.path.getsize(path) / 1e6
        ways = {
            "headway explain FILE": lambda: timed(explain + [path]),
            "headway explain -": lambda: timed(explain + ["-"], stdin=subprocess.Popen(["cat", path], stdout=subprocess.PIPE).stdout),
            "grep -ciE, 20 words": lambda: timed(["grep", "-aciE", WORDS, path]),
        }
        results = {name: [] for name in ways}
        for _ in range(ROUNDS if size < 500 else 1):
            for name, way in ways.items():
                results[name].append(way())
    for name, runs in results.items():
        seconds = statistics.median(run[0] for run in runs)
        print(f"{name:22} {size / seconds:7.0f} MB/s  peak {max(run[1] for run in runs):5.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
