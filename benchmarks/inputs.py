#!/usr/bin/env python3
"""What declared inputs cost: reading them the first time, and seeing that nothing has changed, beside the tools that do
the same. Interleaved runs, medians in milliseconds; files are in the page cache.

    benchmarks/inputs.py HEADWAY [ignored...]
"""
import pathlib
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROUNDS = 7
SETS = {"10,000 files of 8 KB": (10_000, 8_000), "40 files of 16 MB": (40, 16_000_000)}


def make_tree(root, count, mean):
    random.seed(1)
    for number in range(count):
        folder = root / "src" / f"d{number // 100}"
        folder.mkdir(parents=True, exist_ok=True)
        size = max(1, int(random.expovariate(1 / mean)))
        (folder / f"f{number}.c").write_bytes(random.randbytes(size))
    (root / "headway.yaml").write_text("version: 1\nstages: {a: {run: 'true', inputs: [src/**]}}\n")
    names = sorted(str(path.relative_to(root)) for path in (root / "src").rglob("*.c"))
    (root / "names").write_text("".join(name + "\n" for name in names))
    (root / "build.ninja").write_text("rule r\n command = touch $out\nbuild out: r | "
                                      + " ".join(names) + "\n")
    (root / "Makefile").write_text("out: " + " ".join(names) + "\n\ttouch out\n")
    (root / ".gitignore").write_text(".headway\nnames\nout\n.ninja*\n")
    for words in (["init", "-q"], ["add", "."], ["-c", "user.name=x", "-c", "user.email=x", "commit", "-qm", "x"]):
        subprocess.run(["git", *words], cwd=root, check=True)


def measure(root, ways):
    """Median milliseconds of each way; a way is (what to do before, what is measured)."""
    times = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, (before, command) in ways.items():
            before()
            start = time.perf_counter()
            subprocess.run(command, shell=True, cwd=root, check=True,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            times[name].append((time.perf_counter() - start) * 1000)
    return {name: statistics.median(values) for name, values in times.items()}


def report(title, times, megabytes=None):
    print(title)
    for name, value in times.items():
        speed = f"  {megabytes / value * 1000:7.0f} MB/s" if megabytes else ""
        print(f"  {name:36} {value:9.1f} ms{speed}")


def main():
    headway = pathlib.Path(sys.argv[1]).resolve()
    for title, (count, mean) in SETS.items():
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            make_tree(root, count, mean)
            size = sum(path.stat().st_size for path in (root / "src").rglob("*.c")) / 1e6

            def nothing():
                pass

            def forget(root=root):
                (root / ".headway" / "digests").unlink(missing_ok=True)

            subprocess.run([headway, "run", "-q"], cwd=root, check=True)
            reading = {
                "headway plan, no digests": (forget, f"{headway} plan"),
                "git hash-object --stdin-paths": (nothing, "git hash-object --stdin-paths < names"),
                "sha256sum": (nothing, "xargs sha256sum < names"),
            }
            if shutil.which("xxhsum"):
                reading["xxhsum -H2"] = (nothing, "xargs xxhsum -H2 < names")
            report(f"{title}, read", measure(root, reading), size)
            subprocess.run("sleep 0.1; ninja; make", shell=True, cwd=root, check=True, stdout=subprocess.DEVNULL)
            same = {
                "headway run, up to date": (nothing, f"{headway} run -q"),
                "headway plan": (nothing, f"{headway} plan"),
                "git status": (nothing, "git status --porcelain"),
                "ninja": (nothing, "ninja"),
                "make": (nothing, "make"),
            }
            report(f"{title}, nothing has changed", measure(root, same))


main()
