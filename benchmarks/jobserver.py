#!/usr/bin/env python3
"""Four stages that each run a parallel make: wall time and run queue with and without the jobserver.

usage: jobserver.py HEADWAY [--jobs 24] [--first-jobs JOBS] [--rounds 5] [--at-once 4]

Each make has JOBS small jobs that only compute, the first one FIRST_JOBS. In turn, `headway run -j AT_ONCE` on
  shared      `make`, told of the run's jobserver
  make        `make`, jobserver: off (one job a stage)
  make -jN    N = the CPUs, jobserver: off (what people write without a jobserver)
  make -j     without a bound, jobserver: off
Run queue: the number of running tasks in /proc/loadavg, less this sampler, every 2 ms. Other programs count too:
measure on a machine that does nothing else.
"""
import argparse
import os
import pathlib
import statistics
import subprocess
import tempfile
import time

STAGES = 4
SPIN = "i=0; while [ $$i -lt 60000 ]; do i=$$((i+1)); done"


def write_case(folder, make, jobserver, counts):
    folder.mkdir()
    key = "" if jobserver else ", jobserver: 'off'"
    lines = []
    for stage, count in enumerate(counts):
        names = " ".join(f"j{i}" for i in range(count))
        (folder / f"{stage}.mk").write_text(f".PHONY: all {names}\nall: {names}\n{names}:\n\t@{SPIN}\n", encoding="utf-8")
        lines.append(f"  s{stage}: {{run: {make} -f {stage}.mk{key}}}\n")
    (folder / "headway.yaml").write_text("version: 1\nstages:\n" + "".join(lines), encoding="utf-8")


def running_tasks():
    return int(pathlib.Path("/proc/loadavg").read_text(encoding="ascii").split()[3].split("/")[0]) - 1


def one_run(headway, folder, at_once):
    environment = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MFLAGS")}
    begin = time.perf_counter()
    queue = []
    with subprocess.Popen([headway, "run", "-j", at_once], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:
        while run.poll() is None:
            queue.append(running_tasks())
            time.sleep(0.002)
    if run.returncode != 0:
        raise SystemExit(f"the run in {folder} ended with {run.returncode}")
    return time.perf_counter() - begin, max(queue), statistics.mean(queue)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("headway")
    parser.add_argument("--jobs", type=int, default=24)
    parser.add_argument("--first-jobs", type=int)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--at-once", default="4")
    options = parser.parse_args()
    cpus = len(os.sched_getaffinity(0))
    cases = {"shared": ("make", True), "make": ("make", False),
             f"make -j{cpus}": (f"make -j{cpus}", False), "make -j": ("make -j", False)}
    counts = [options.first_jobs or options.jobs] + [options.jobs] * (STAGES - 1)
    results = {name: [] for name in cases}
    with tempfile.TemporaryDirectory() as base:
        for number, (make, jobserver) in enumerate(cases.values()):
            write_case(pathlib.Path(base) / str(number), make, jobserver, counts)
        for _ in range(options.rounds):
            for number, name in enumerate(cases):
                folder = pathlib.Path(base) / str(number)
                results[name].append(one_run(os.path.abspath(options.headway), folder, options.at_once))
    print(f"{STAGES} stages of {counts} jobs, -j {options.at_once}, {cpus} CPUs, medians of {options.rounds}")
    for name, rows in results.items():
        wall, peak, mean = (statistics.median(column) for column in zip(*rows))
        ratio = statistics.median(row[0] / first[0] for row, first in zip(rows, results["shared"]))
        print(f"  {name:10} {wall:7.3f} s  (x {ratio:5.3f})   run queue: peak {peak:4.0f}  mean {mean:5.1f}")


if __name__ == "__main__":
    main()
