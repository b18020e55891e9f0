#!/usr/bin/env python3
"""Measures what `headway explain` says on failures whose category is known.

usage: measure_rules.py BINARY [--cases FOLDER] [--logs FOLDER] [--only NAME] [--verbose] [--check] [--write FILE]

Runs every case of tests/failures (its README.md has the format) and compares the category. A third of the cases, by
a checksum of their names, is kept aside: no rule is tuned to it, and its figures are told apart. A case whose tools
are missing is skipped and named.

--logs FOLDER: labelled real logs (labels.jsonl and logs/) count for the precision of rules: a suggestion is right
there where a line of its evidence is one that a person marked as the reason, or next to one.
--write FILE: the precision of every rule as rules/measured.yaml has it.
--check: exit 1 below the accuracy asked for (95 %) or with more than 2 % wrong and confident, over all cases.
"""
import argparse
import collections
import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import zlib

ROOT = pathlib.Path(__file__).resolve().parent.parent
HEADER = re.compile(r"^=== (\S+)((?: \S+)*)$")
# From this confidence on, an answer is one that a person would rely on.
CONFIDENT = 0.7
LEAST_ACCURACY = 0.95
MOST_WRONG_AND_CONFIDENT = 0.02
# A script that hangs is ended after this many seconds; that is a fault of the case.
PATIENCE_SECONDS = 60
NEAR_LINES = 2

Case = collections.namedtuple("Case", "name category options body aside")
Answer = collections.namedtuple("Answer", "case category confidence suggestions log facts skipped")


def read_cases(folder):
    """All cases of FOLDER/*.cases. Raises ValueError where a file is not one."""
    cases = []
    for path in sorted(folder.glob("*.cases")):
        current = None
        for number, line in enumerate(path.read_text().splitlines(), 1):
            header = HEADER.match(line)
            if header:
                options = dict(word.partition("=")[::2] for word in header.group(2).split())
                unknown = set(options) - {"needs", "recorded", "exit", "signal", "timeout", "oom", "disk_free"}
                if unknown:
                    raise ValueError(f"{path}:{number}: unknown option {sorted(unknown)[0]}")
                aside = zlib.crc32(header.group(1).encode()) % 3 == 0
                current = Case(f"{path.stem}/{header.group(1)}", path.stem, options, [], aside)
                cases.append(current)
            elif current is None:
                raise ValueError(f"{path}:{number}: text before the first case")
            else:
                current.body.append(line)
    names = [case.name for case in cases]
    if len(names) != len(set(names)):
        raise ValueError(f"{folder}: a name comes twice")
    return cases


def missing_tools(case):
    return [tool for tool in case.options.get("needs", "").split(",") if tool and not shutil.which(tool)]


def run_script(case, folder):
    """The log and the facts of a case that is a script."""
    work = folder / "work"
    work.mkdir()
    script = folder / "script"
    script.write_text("\n".join(case.body) + "\n")
    log = folder / "log"
    environment = {k: v for k, v in os.environ.items() if k.lower() not in ("http_proxy", "https_proxy", "all_proxy")}
    environment.update(LC_ALL="C.UTF-8", HOME=str(folder), no_proxy="*", GIT_TERMINAL_PROMPT="0")
    for tool in ("cargo", "rustup"):  # they look in the home folder, which is another one here
        environment.setdefault(f"{tool.upper()}_HOME", os.path.expanduser(f"~/.{tool}"))
    environment.setdefault("PYENV_ROOT", os.path.expanduser("~/.pyenv"))
    limit = float(case.options.get("timeout", 0))
    facts = []
    with log.open("wb") as out:
        child = subprocess.Popen(["bash", str(script)], cwd=work, stdin=subprocess.DEVNULL, stdout=out,
                                 stderr=subprocess.STDOUT, env=environment, start_new_session=True)
        try:
            child.wait(limit or PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            if limit:
                facts.append("--timed-out")
        try:
            os.killpg(child.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        child.wait()
    if not facts:
        facts = ["--signal", str(-child.returncode)] if child.returncode < 0 else ["--exit-code", str(child.returncode)]
    # The folder has another name each time: lines must not depend on it.
    log.write_bytes(log.read_bytes().replace(str(script).encode(), b"script.sh"))
    return log, facts


def recorded(case, folder):
    log = folder / "log"
    log.write_text("\n".join(case.body) + "\n")
    options = case.options
    facts = ["--signal", options["signal"]] if "signal" in options else ["--exit-code", options.get("exit", "1")]
    if "oom" in options:
        facts.append("--oom")
    if "disk_free" in options:
        facts += ["--disk-free", options["disk_free"]]
    return log, facts


def explain(binary, facts, log):
    done = subprocess.run([binary, "explain", "--json", *facts, str(log)], capture_output=True, text=True, check=False)
    try:
        return json.loads(done.stdout)
    except json.JSONDecodeError:
        sys.exit(f"{binary} explain gave no JSON for {log}: {done.stderr.strip()}")


def answer(binary, case):
    missing = missing_tools(case)
    if missing:
        return Answer(case, None, 0, [], "", [], missing)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        log, facts = recorded(case, folder) if "recorded" in case.options else run_script(case, folder)
        document = explain(binary, facts, log)
        text = log.read_text(errors="replace")
    return Answer(case, document["category"], document["confidence"], document["suggestions"], text, facts, [])


def share(part, whole):
    return f"{part}/{whole} = {part / whole:.3f}" if whole else "0/0"


def wrong_and_confident(answers):
    return [a for a in answers if a.category != a.case.category and a.category != "unknown" and a.confidence >= CONFIDENT]


def tell(title, answers):
    right = sum(a.category == a.case.category for a in answers)
    print(f"{title:<12} right {share(right, len(answers))}  "
          f"wrong and confident {share(len(wrong_and_confident(answers)), len(answers))}")


def tell_categories(answers):
    by_category = collections.defaultdict(list)
    for a in answers:
        by_category[a.case.category].append(a)
    for category, group in sorted(by_category.items()):
        right = sum(a.category == category for a in group)
        print(f"  {category:<20} {right}/{len(group)}")


def count_cases(answers, counts):
    for a in answers:
        for suggestion in a.suggestions[:1]:
            if suggestion.get("source", "rule") == "rule":
                counts[suggestion["id"]][1] += 1
                counts[suggestion["id"]][0] += a.category == a.case.category


def count_logs(binary, folder, counts):
    for line in (folder / "labels.jsonl").read_text().splitlines():
        label = json.loads(line)
        document = explain(binary, ["--exit-code", "1"], folder / "logs" / label["log"])
        for suggestion in [s for s in document["suggestions"] if s["source"] == "rule"][:1]:
            near = any(first - NEAR_LINES <= at <= last + NEAR_LINES
                       for at in suggestion["evidence_lines"] for first, last in label["chunks"])
            counts[suggestion["id"]][1] += 1
            counts[suggestion["id"]][0] += near


def write_measured(path, counts):
    lines = ["# How often a rule was right where its suggestion came first: counted by scripts/measure_rules.py over the",
             "# cases of tests/failures and 440 labelled logs of continuous integration. Not edited by hand.", "measured:"]
    for rule, (right, of) in sorted(counts.items()):
        lines.append(f"  {rule}: {{right: {right}, of: {of}}}")
    path.write_text("\n".join(lines) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("--cases", type=pathlib.Path, default=ROOT / "tests" / "failures")
    parser.add_argument("--logs", type=pathlib.Path)
    parser.add_argument("--only")
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--write", type=pathlib.Path)
    options = parser.parse_args()
    cases = [c for c in read_cases(options.cases) if not options.only or options.only in c.name]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda case: answer(options.binary, case), cases))
    for a in answers:
        if a.skipped:
            print(f"skipped {a.case.name}: needs {', '.join(a.skipped)}")
    answers = [a for a in answers if not a.skipped]
    for a in answers:
        if a.category != a.case.category and (options.verbose and not a.case.aside):
            print(f"WRONG {a.case.name}: {a.category} {a.confidence:.2f} {' '.join(a.facts)} "
                  f"{[s['id'] for s in a.suggestions]}\n    " + "\n    ".join(a.log.splitlines()[:12]))
    tell_categories(answers)
    tell("tuned", [a for a in answers if not a.case.aside])
    tell("kept aside", [a for a in answers if a.case.aside])
    tell("all", answers)
    counts = collections.defaultdict(lambda: [0, 0])
    count_cases(answers, counts)
    if options.logs:
        count_logs(options.binary, options.logs, counts)
    if options.write:
        write_measured(options.write, counts)
    right = sum(a.category == a.case.category for a in answers)
    bad = len(wrong_and_confident(answers))
    if options.check and (right < LEAST_ACCURACY * len(answers) or bad > MOST_WRONG_AND_CONFIDENT * len(answers)):
        sys.exit("below what is asked")


if __name__ == "__main__":
    main()
