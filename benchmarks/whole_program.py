#!/usr/bin/env python3
"""`headway run` beside its peers, whole programs in turn, medians and ratios.

usage: whole_program.py HEADWAY BARE_SPAWN_LOOP [--stages 5000] [--rounds 7]

1. N stages of /bin/true at -j2: a bare spawn-and-wait loop, headway (everything recorded), make, ninja, xargs.
2. 40 stages of 50 ms and one of 1 s listed last, -j2, from the second run on: headway beside make and ninja.
3. `headway --version`, and a run of one `true` outside git.
4. Peak memory of headway on N stages.
Peers that are not installed are left out and named.
"""
import argparse
import os
import pathlib
import shutil
import statistics
import subprocess
import tempfile
import time


def timed(argv, cwd):
    begin = time.perf_counter()
    done = subprocess.run(argv, cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    elapsed = time.perf_counter() - begin
    if done.returncode != 0:
        raise SystemExit(f"{argv} ended with {done.returncode}")
    return elapsed


def peak_memory_kib(argv, cwd):
    """Of the largest single process, by its own accounting, in a child of ours so that earlier ones do not count."""
    code = ("import resource,subprocess,sys;"
            "subprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL,stderr=subprocess.DEVNULL,check=True);"
            "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)")
    return int(subprocess.run(["python3", "-c", code, *argv], cwd=cwd, capture_output=True, text=True, check=True).stdout)


def write_true_stages(folder, count):
    with open(folder / "headway.yaml", "w", encoding="utf-8") as out:
        out.write("version: 1\nstages:\n")
        for i in range(count):
            out.write(f"  s{i}: {{run: [/bin/true]}}\n")
    with open(folder / "Makefile", "w", encoding="utf-8") as out:
        names = " ".join(f"s{i}" for i in range(count))
        out.write(f".PHONY: all {names}\nall: {names}\n{names}:\n\t@/bin/true\n")
    with open(folder / "build.ninja", "w", encoding="utf-8") as out:
        out.write("rule t\n command = /bin/true\n")
        for i in range(count):
            out.write(f"build s{i}: t\n")


def write_long_last(folder):
    with open(folder / "headway.yaml", "w", encoding="utf-8") as out:
        out.write("version: 1\nstages:\n")
        for i in range(40):
            out.write(f"  s{i}: {{run: [sleep, '0.05']}}\n")
        out.write("  long: {run: [sleep, '1']}\n")
    names = [f"s{i}" for i in range(40)]
    with open(folder / "Makefile", "w", encoding="utf-8") as out:
        out.write(f".PHONY: all long {' '.join(names)}\nall: {' '.join(names)} long\n{' '.join(names)}:\n\t@sleep 0.05\nlong:\n\t@sleep 1\n")
    with open(folder / "build.ninja", "w", encoding="utf-8") as out:
        out.write("rule s\n command = sleep 0.05\nrule l\n command = sleep 1\n")
        out.writelines(f"build {name}: s\n" for name in names)
        out.write("build long: l\n")


def compare(title, commands, cwd, rounds, before=None):
    times = {name: [] for name in commands}
    for _ in range(rounds):
        for name, argv in commands.items():
            if before:
                before()
            times[name].append(timed(argv, cwd))
    first = next(iter(commands))
    print(f"\n{title}")
    for name, values in times.items():
        ratios = [a / b for a, b in zip(values, times[first])]
        print(f"  {name:18} median {statistics.median(values):8.4f} s   ratio to {first}: "
              f"{statistics.median(ratios):6.3f}  (min {min(ratios):.3f}, max {max(ratios):.3f})")
    return {name: statistics.median(values) for name, values in times.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("headway")
    parser.add_argument("bare")
    parser.add_argument("--stages", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=7)
    args = parser.parse_args()
    headway, bare = os.path.abspath(args.headway), os.path.abspath(args.bare)
    os.environ.pop("MAKEFLAGS", None)
    missing = [name for name in ("make", "ninja", "xargs") if not shutil.which(name)]
    if missing:
        print("not installed, left out:", ", ".join(missing))
    with tempfile.TemporaryDirectory() as name:
        many = pathlib.Path(name) / "many"
        many.mkdir()
        write_true_stages(many, args.stages)
        commands = {"bare loop": [bare, str(args.stages), "2"],
                    "headway": [headway, "run", "-j2", "--output", "quiet"],
                    "make": ["make", "-j2", "-s"],
                    "xargs": ["sh", "-c", f"seq {args.stages} | xargs -P2 -n1 /bin/true"],
                    "ninja": ["ninja", "-j2", "--quiet"]}
        commands = {key: argv for key, argv in commands.items() if key not in missing}
        medians = compare(f"{args.stages} x /bin/true, 2 at a time", commands, many, args.rounds)
        for key, median in medians.items():
            print(f"  {key:18} {1e6 * median / args.stages:7.1f} us a process")
        kib = peak_memory_kib(commands["headway"], many)
        print(f"  headway peak memory {kib / 1024:.1f} MiB (largest process, children included)")

        long = pathlib.Path(name) / "long"
        long.mkdir()
        write_long_last(long)
        timed([headway, "run", "-j2", "--output", "quiet"], long)
        compare("40 x 50 ms and 1 s last, -j2 (second run on)",
                {"headway": [headway, "run", "-j2", "--output", "quiet"], "make": ["make", "-j2", "-s"],
                 "ninja": ["ninja", "-j2", "--quiet"]}, long, 3)

        one = pathlib.Path(name) / "one"
        one.mkdir()
        (one / "headway.yaml").write_text("version: 1\nstages:\n  a: {run: [\"true\"]}\n", encoding="utf-8")
        compare("small things", {"/bin/true": ["/bin/true"], "--version": [headway, "--version"],
                                 "run of one true": [headway, "run", "--output", "quiet"]}, one, 31)


if __name__ == "__main__":
    main()
