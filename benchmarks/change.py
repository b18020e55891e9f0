#!/usr/bin/env python3
"""What lanes and commits cost, beside git itself: a change of 2,000 files, the commit-msg hook, messages a second.

usage: change.py HEADWAY [ANYTHING] [--rounds 9] [--files 2000] [--commits 20000]

`git` is what Headway asks git for, the same questions one after the other in a shell. Exit code 1 where the claim is
missed: `headway lane` takes less than 100 ms beyond git for the change, `commit check FILE` less than 10 ms.
"""
import argparse
import os
import pathlib
import statistics
import subprocess
import tempfile
import time

ASKED = """git for-each-ref refs/remotes/origin/HEAD refs/heads/main >&2
git ls-files --others --exclude-standard -z >&2
git merge-base HEAD refs/heads/main >&2
git diff --raw --numstat -z --find-renames $(git merge-base HEAD refs/heads/main) -- >&2
git log -z --format='%H %P%n%B' main..HEAD -- >&2
"""


def run(*words, cwd, **more):
    return subprocess.run(words, cwd=cwd, check=True, stdin=subprocess.DEVNULL, capture_output=True, **more)


def git(*words, cwd, **more):
    names = {f"GIT_{who}_{what}": "a@b" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    env = dict(os.environ, GIT_CONFIG_GLOBAL="/dev/null", **names)
    return run("git", *words, cwd=cwd, env=env, **more)


def make_change(folder, files):
    """Branch topic: a third committed, a third changed in the working tree, a third untracked."""
    git("init", "-b", "main", ".", cwd=folder)
    for number in range(files):
        path = folder / f"src/d{number % 50}/f{number}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        if number % 3 != 2:
            path.write_text("".join(f"line {line}\n" for line in range(40)))
    git("add", "-A", cwd=folder)
    git("commit", "-m", "feat: begin", cwd=folder)
    git("checkout", "-b", "topic", cwd=folder)
    for number in range(files):
        if number % 3 == 0:
            (folder / f"src/d{number % 50}/f{number}.py").write_text("".join(f"other {line}\n" for line in range(30)))
    git("commit", "-am", "fix: more", cwd=folder)
    for number in range(files):
        if number % 3 != 0:
            (folder / f"src/d{number % 50}/f{number}.py").write_text("".join(f"new {line}\n" for line in range(30)))


def make_history(folder, commits):
    git("init", "-b", "main", ".", cwd=folder)
    stream = []
    for number in range(commits):
        message = f"fix(part{number % 9}): mend thing {number}\n\nBecause of that,\nand this.\n\nRefs: #{number}\n"
        stream.append(f"commit refs/heads/main\ncommitter a <a@b> {number} +0000\ndata {len(message)}\n{message}\n")
    subprocess.run(["git", "fast-import", "--quiet"], cwd=folder, input="".join(stream), text=True, check=True)


def timed(words, folder):
    began = time.perf_counter()
    subprocess.run(words, cwd=folder, check=True, stdin=subprocess.DEVNULL, capture_output=True)
    return time.perf_counter() - began


def medians(rounds, folder, **commands):
    """Median seconds of each command, run by turns."""
    found = {name: [] for name in commands}
    for _ in range(rounds):
        for name, words in commands.items():
            found[name].append(timed(words, folder))
    return {name: statistics.median(times) for name, times in found.items()}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("headway", type=lambda text: str(pathlib.Path(text).resolve()))
    parser.add_argument("ignored", nargs="*")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--commits", type=int, default=20000)
    asked = parser.parse_args()
    missed = 0
    with tempfile.TemporaryDirectory() as root:
        folder = pathlib.Path(root) / "change"
        folder.mkdir()
        make_change(folder, asked.files)
        times = medians(asked.rounds, folder, git=["sh", "-c", ASKED], lane=[asked.headway, "lane", "--json"])
        beyond = times["lane"] - times["git"]
        missed += beyond > 0.1
        print(f"{asked.files} changed files: git {times['git'] * 1e3:.1f} ms, "
              f"headway lane {times['lane'] * 1e3:.1f} ms, beyond git {beyond * 1e3:+.1f} ms")
        (folder / "message").write_text("feat: add a thing\n\nBecause it was missing.\n")
        (folder / "headway.yaml").write_text("version: 1\nstages: {a: {run: 'true'}}\ncommits: {profile: relaxed}\n")
        times = medians(5 * asked.rounds, folder, nothing=["true"],
                        hook=[asked.headway, "-q", "commit", "check", "message"])
        missed += times["hook"] > 0.01
        print(f"commit check FILE: {times['hook'] * 1e3:.2f} ms (`true`: {times['nothing'] * 1e3:.2f} ms)")
        history = pathlib.Path(root) / "history"
        history.mkdir()
        make_history(history, asked.commits)
        times = medians(asked.rounds, history, git=["git", "log", "-z", "--format=%H %P%n%B"],
                        check=[asked.headway, "-q", "commit", "check", "--range", "HEAD"])
        own = max(times["check"] - times["git"], 1e-6)
        print(f"{asked.commits} messages: git log {times['git'] * 1e3:.0f} ms, "
              f"check --range {times['check'] * 1e3:.0f} ms, {asked.commits / own:.0f} messages a second beyond git")
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
