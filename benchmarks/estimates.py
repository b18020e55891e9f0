#!/usr/bin/env python3
"""How good the estimates of the time left are: goals and numbers, by `headway backtest`.

Recorded runs of other people, repeats of one workflow (with all the other repeats known, and with one
earlier run only), and own runs of a small build, repeated. Beside each: Ninja's rule.

    benchmarks/estimates.py HEADWAY [--traces DIR] [--own-runs N]

Exit code 1 where a goal is missed. Files lie in a temporary folder that is removed.
"""
import argparse
import itertools
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

BUILD = """version: 1
name: small-build
stages:
  configure: {run: sleep 0.15}
  library: {needs: [configure], run: sleep 0.3}
  program: {needs: [configure], run: sleep 0.2}
  docs: {needs: [configure], run: sleep 0.25}
  link: {needs: [library, program], run: sleep 0.2}
  test: {needs: [link], run: sleep 0.4}
"""


def backtest(headway, *arguments, directory=None):
    done = subprocess.run([headway, "backtest", "--json", *arguments], cwd=directory, check=True,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return json.loads(done.stdout)


def line(name, jobs, goals=None):
    """Prints one line; whether the goals are met."""
    errors = [point["median_error"] for point in jobs["checkpoints"]]
    ninja = [point["ninja_median_error"] for point in jobs["checkpoints"]]
    inside = statistics.mean(point["interval_coverage"] for point in jobs["checkpoints"])
    met = goals is None or all(error <= goal for error, goal in zip(errors, goals))
    print(f"{name:28} P={jobs['jobs']:<3} {jobs['runs']:4} runs ",
          " ".join(f"{error:.3f}" for error in errors), f" inside {100 * inside:3.0f} %",
          " Ninja's rule", " ".join(f"{error:.2f}" for error in ninja),
          "" if met else "  MISSED")
    return met


def link_families(folder, families):
    for family, files in families.items():
        (folder / family).mkdir(parents=True)
        for file in files:
            os.symlink(file.resolve(), folder / family / file.name)


def recorded(headway, traces):
    met = True
    document = backtest(headway, "--traces", str(traces))
    for family in document["families"]:
        for jobs in family["jobs"]:
            if jobs["runs"]:
                line(family["family"], jobs)
    goals = {4: [0.30, 0.22, 0.15, 0.15], 16: [0.40, 0.35, 0.25, 0.25]}
    for jobs in document["jobs"]:
        met = line("all of them", jobs, goals.get(jobs["jobs"])) and met
    return met


def repeats(headway, traces):
    """Blast came in three sizes, five repeats of each."""
    sizes = {}
    for file in sorted((traces / "blast").glob("*.json")):
        sizes.setdefault(file.name.rsplit("-", 1)[0], []).append(file)
    pairs = {f"{size}-{one.stem[-3:]}-{other.stem[-3:]}": [one, other]
             for size, files in sizes.items() for one, other in itertools.combinations(files, 2)}
    met = True
    for name, families, goal in (("repeats", sizes, 0.03), ("one earlier run", pairs, 0.10)):
        with tempfile.TemporaryDirectory() as folder:
            link_families(pathlib.Path(folder), families)
            for jobs in backtest(headway, "--traces", folder)["jobs"]:
                met = line(name, jobs, [goal] * 4) and met
    return met


def own_runs(headway, count):
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, "headway.yaml").write_text(BUILD, encoding="utf-8")
        for _ in range(count):
            subprocess.run([headway, "run", "-j4", "-q"], cwd=folder, check=True,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        met = True
        for jobs in backtest(headway, "-j", "1,4", directory=folder)["jobs"]:
            met = line(f"own build, {count} runs", jobs, [0.03] * 4) and met
        return met


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("headway", type=pathlib.Path)
    parser.add_argument("--traces", type=pathlib.Path, default=pathlib.Path(
        os.environ.get("HEADWAY_TEST_DATA", "../shared"), "traces"))
    parser.add_argument("--own-runs", type=int, default=6)
    arguments = parser.parse_args()
    headway = str(arguments.headway.resolve())
    met = True
    if (arguments.traces / "blast").is_dir():
        met = recorded(headway, arguments.traces) and met
        met = repeats(headway, arguments.traces) and met
    else:
        print(f"skipped: no traces in {arguments.traces} (HEADWAY_TEST_DATA)", file=sys.stderr)
    met = own_runs(headway, arguments.own_runs) and met
    print("all goals met" if met else "a goal was missed")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
