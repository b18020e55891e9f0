#!/usr/bin/env python3
"""The claim "at least 20 % faster than one at a time, wherever the graph allows it", on every example, run for real:
`headway run -j1` against `-j auto`, in turn. The recorded runs, on a virtual clock, are in claims_benchmark.cpp.

usage: claims.py HEADWAY [ANYTHING] [--rounds 5]

"Allows it": the lower bound with one worker is at least 1.5 times that with as many as auto gives; a lower bound is
max(longest chain, work / workers) over the medians of the durations with one worker. Exit code 1 where a row misses it.
"""
import argparse
import json
import pathlib
import shutil
import statistics
import subprocess
import tempfile

ALLOWS = 1.5
SHARE = 0.8


def run_once(headway, folder, jobs):
    """The record of one run of everything; what an earlier run has made is gone, its history is not."""
    shutil.rmtree(folder / "build", ignore_errors=True)
    done = subprocess.run([headway, "run", "--keep-going", "-j", jobs, "--json", "--output", "quiet"], cwd=folder,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    try:
        return json.loads(done.stdout)
    except json.JSONDecodeError:
        raise SystemExit(f"{folder.name}: no record: {done.stderr.strip()}") from None


def needs_of(headway, folder):
    done = subprocess.run([headway, "plan", "--json"], cwd=folder, stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, check=True)
    return {stage["key"]: stage["needs"] for stage in json.loads(done.stdout)["stages"]}


def longest_chain(needs, durations):
    ends = {}

    def end(key):
        if key not in ends:
            ends[key] = durations.get(key, 0) + max((end(need) for need in needs[key]), default=0)
        return ends[key]

    return max(map(end, needs), default=0)


def measure(headway, example, rounds):
    """Speed-up, what the lower bounds allow, and the jobs of auto."""
    with tempfile.TemporaryDirectory() as root:
        folder = pathlib.Path(root) / example.name
        shutil.copytree(example, folder, ignore=shutil.ignore_patterns("build", ".headway"))
        run_once(headway, folder, "auto")  # the history that auto learns from
        records = {"1": [], "auto": []}
        for _ in range(rounds):
            for jobs, found in records.items():
                found.append(run_once(headway, folder, jobs))
        needs = needs_of(headway, folder)
    samples = {}
    for record in records["1"]:
        for stage in record["stages"]:
            samples.setdefault(stage["key"], []).append(stage["duration_seconds"] or 0)
    durations = {key: statistics.median(values) for key, values in samples.items()}
    jobs = records["auto"][-1]["jobs"]
    work = sum(durations.values())
    chain = longest_chain(needs, durations)
    allowed = max(chain, work) / max(chain, work / jobs, 1e-9)
    ratios = [one["elapsed_seconds"] / many["elapsed_seconds"] for one, many in zip(records["1"], records["auto"])]
    return statistics.median(ratios), allowed, jobs


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("headway", type=pathlib.Path)
    parser.add_argument("ignored", nargs="*", help="`./dev bench` gives more than is needed here")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    headway = str(options.headway.resolve())
    missed = 0
    print(f"{'example':22} {'jobs':>4} {'LB(1)/(P)':>9} {'speed-up':>9}  20 % faster")
    examples = pathlib.Path(__file__).resolve().parent.parent / "examples"
    for example in sorted(path.parent for path in examples.glob("*/headway.yaml")):
        speed_up, allowed, jobs = measure(headway, example, options.rounds)
        verdict = "-"
        if allowed >= ALLOWS:
            verdict = "met" if speed_up >= 1 / SHARE else "MISSED"
            missed += verdict != "met"
        print(f"{example.name:22} {jobs:4} {allowed:9.2f} {speed_up:9.2f}  {verdict}", flush=True)
    raise SystemExit(1 if missed else 0)


if __name__ == "__main__":
    main()
