#!/usr/bin/env python3
"""Stages that together need three times the memory budget: `headway run --memory` beside every static -j and GNU
parallel --memfree, on makespan and on what they take beyond the budget.

usage: memory_budget.py HEADWAY [ANYTHING] [--runs 4] [--rounds 1]

Twelve stages take 60 to 300 MiB each, touched, and hold them for 0.6 to 1.4 s asleep. The kernel does not enforce the
budget here: every 20 ms the resident memory of all stages is added up, and whatever lies above it counts, in bytes and in
time; under a limit the kernel would kill then. `-j12` and `-j auto` learn apart, each from its own first run on. Static -j runs know the durations, but no budget. Best static: the fastest
that was never above. Lower bound: the longest stage, or bytes x seconds over the budget. Exit code 1 where, from the second
run on, a run was above the budget, did not complete or took more than 1.15 times the best static.
"""
import argparse
import pathlib
import shutil
import statistics
import subprocess
import tempfile
import threading
import time

MIB = 1 << 20
FOOTPRINTS_MIB = [60, 300, 90, 270, 120, 240, 150, 210, 180, 180, 210, 150]
HOLD_S = [1.0, 0.8, 1.4, 0.6, 1.2, 0.8, 1.0, 0.6, 1.4, 1.0, 0.8, 1.2]
BUDGET_MIB = sum(FOOTPRINTS_MIB) // 3
GOAL = 1.15
SAMPLE_S = 0.02
# The interpreter's own memory is a part of the footprint.
PROGRAM = """import sys, time
end = time.monotonic() + float(sys.argv[2])
held = b"1" * ((int(sys.argv[1]) - 9) << 20)
time.sleep(max(0, end - time.monotonic()))
"""
SCRIPT = "hold_memory.py"


def command(*words):
    return ["python3", "-I", "-S", SCRIPT, *words]


def write_workflow(folder):
    (folder / SCRIPT).write_text(PROGRAM, encoding="utf-8")
    with open(folder / "headway.yaml", "w", encoding="utf-8") as out:
        out.write("version: 1\nstages:\n")
        for i in range(len(FOOTPRINTS_MIB)):
            words = ", ".join('"' + word + '"' for word in command(str(FOOTPRINTS_MIB[i]), str(HOLD_S[i])))
            out.write(f"  s{i:02}: {{run: [{words}]}}\n")


def children_of(pid):
    try:
        found = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return []
    return [int(word) for word in found]


def stage_bytes(pid):
    """Resident memory of the stages below that process."""
    total = 0
    for child in children_of(pid):
        total += stage_bytes(child)
        try:
            words = pathlib.Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")
            if words[0] == b"python3" and SCRIPT.encode() in words:
                total += int(pathlib.Path(f"/proc/{child}/statm").read_text(encoding="ascii").split()[1]) * 4096
        except (OSError, IndexError):
            pass  # it has ended meanwhile
    return total


class Sampler(threading.Thread):
    """What the stages of a process take, against the budget."""

    def __init__(self, pid):
        super().__init__()
        self.pid, self.over_s, self.peak = pid, 0.0, 0
        self.done = threading.Event()

    def run(self):
        before = time.monotonic()
        while not self.done.wait(SAMPLE_S):
            now, used = time.monotonic(), stage_bytes(self.pid)
            self.peak = max(self.peak, used)
            self.over_s += now - before if used > BUDGET_MIB * MIB else 0
            before = now


def timed(argv, folder, stdin=None):
    """Seconds, seconds above the budget, bytes above it, and whether it succeeded."""
    begin = time.monotonic()
    with subprocess.Popen(argv, cwd=folder, stdin=subprocess.PIPE if stdin else subprocess.DEVNULL,
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True) as process:
        sampler = Sampler(process.pid)
        sampler.start()
        process.communicate(stdin)
        elapsed = time.monotonic() - begin
        sampler.done.set()
        sampler.join()
    return elapsed, sampler.over_s, max(0, sampler.peak - BUDGET_MIB * MIB), process.returncode == 0


def pauses(folder):
    logs = sorted((folder / ".headway" / "runs").glob("*/events.jsonl"))
    return logs[-1].read_text(encoding="utf-8").count('"stage_paused"') if logs else 0


def lower_bound():
    area = sum(mib * hold for mib, hold in zip(FOOTPRINTS_MIB, HOLD_S))
    return max(max(HOLD_S), area / BUDGET_MIB)


def parallel_command():
    """Starts one only where the largest stage still fits in the budget, as far as free memory of the machine tells."""
    free = next(int(line.split()[1]) for line in pathlib.Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
                if line.startswith("MemAvailable"))
    wanted = free // 1024 - BUDGET_MIB + max(FOOTPRINTS_MIB)
    return ["parallel", "--will-cite", "-j12", "--memfree", f"{wanted}M", "--colsep", " ",
            *command("{1}", "{2}")]


def show(name, result, note=""):
    seconds, over_s, over, ok = result
    print(f"{name:26} {seconds:7.2f} {seconds / lower_bound():6.2f} {over_s:8.2f} {over / MIB:8.0f}"
          f"  {'completed' if ok else 'FAILED'}{note}", flush=True)
    return result


def one_round(headway, folder, runs):
    """Results of the runs with the budget, by number, and of the others, by name."""
    base = [headway, "run", "--output", "quiet"]
    budget = {"12": [], "auto": []}
    for jobs, results in budget.items():
        place = folder / jobs
        place.mkdir()
        write_workflow(place)
        for number in range(1, runs + 1):
            result = timed([*base, "--memory", f"{BUDGET_MIB}MiB", f"-j{jobs}"], place)
            results.append(show(f"headway --memory -j{jobs}, {number}.", result, f", {pauses(place)} stops"))
    folder = folder / "12"
    fixed = {}
    for jobs in range(1, len(FOOTPRINTS_MIB) + 1):
        fixed[jobs] = show(f"headway -j{jobs}", timed([*base, f"-j{jobs}"], folder))
    if shutil.which("parallel"):
        lines = "".join(f"{mib} {hold}\n" for mib, hold in zip(FOOTPRINTS_MIB, HOLD_S))
        show("parallel --memfree", timed(parallel_command(), folder, lines))
    return budget, fixed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("headway", type=pathlib.Path)
    parser.add_argument("ignored", nargs="*", help="`./dev bench` gives more than is needed here")
    parser.add_argument("--runs", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=1)
    options = parser.parse_args()
    if not shutil.which("parallel"):
        print("not installed, left out: parallel")
    print(f"budget {BUDGET_MIB} MiB of {sum(FOOTPRINTS_MIB)}, lower bound {lower_bound():.2f} s")
    print(f"{'':26} {'s':>7} {'/LB':>6} {'s above':>8} {'MiB above':>8}")
    ratios, all_good = {"12": [], "auto": []}, True
    for _ in range(options.rounds):
        with tempfile.TemporaryDirectory() as name:
            budget, fixed = one_round(str(options.headway.resolve()), pathlib.Path(name), options.runs)
        best = min((result[0], jobs) for jobs, result in fixed.items() if result[3] and result[2] == 0)
        for jobs, results in budget.items():
            ratios[jobs] += [result[0] / best[0] for result in results[1:]]
            all_good &= all(result[3] and result[2] == 0 for result in results[1:])
        print(f"best static within the budget: -j{best[1]}, {best[0]:.2f} s")
    for jobs, found in ratios.items():
        print(f"-j{jobs}, run 2 on / best static: median {statistics.median(found):.2f}, worst {max(found):.2f} (goal {GOAL})")
    print(f"{'never' if all_good else 'SOMETIMES'} above the budget")
    raise SystemExit(0 if all_good and all(statistics.median(found) <= GOAL for found in ratios.values()) else 1)


if __name__ == "__main__":
    main()
