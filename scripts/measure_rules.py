#!/usr/bin/env python3
"""Measures what `headway explain` says on failures whose category is known.

usage: measure_rules.py BINARY [--cases FOLDER] [--logs FOLDER] [--only NAME] [--verbose] [--check] [--write]

Runs every case of tests/failures (its README.md has the format) and compares the category. A third of the cases, by
a checksum of their names, is kept aside: no rule is tuned to it, and its figures are told apart. A case whose tools
are missing is skipped and named.

--logs FOLDER: labelled real logs (labels.jsonl and logs/) count as well. A suggestion is right there where a line of its
evidence is one that a person marked as the reason, or within two lines of one; of a case, where it is of its category.
Told is how often suggestions were right by how sure they said they were, as the binary says it, and as it would from
counts of the other four fifths of cases and repositories alone.
--write: what was counted as rules/measured.yaml and src/diagnostics/measured_confidence.inc have it. The latter are, for
each rank, the Beta prior with the most likely counts (beta-binomial) of its rules beside the anchor, and the share that
is left of that farther away.
--check: exit 1 below the accuracy asked for (95 %) or with more than 2 % wrong and confident, over all cases.
"""
import argparse
import collections
import concurrent.futures
import json
import math
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
MEASURED = ROOT / "rules" / "measured.yaml"
HEADER = re.compile(r"^=== (\S+)((?: \S+)*)$")
# From this confidence on, an answer is one that a person would rely on.
CONFIDENT = 0.7
LEAST_ACCURACY = 0.95
MOST_WRONG_AND_CONFIDENT = 0.02
# A script that hangs is ended after this many seconds; that is a fault of the case.
PATIENCE_SECONDS = 60
NEAR_LINES = 2
# A suggestion stands beside the anchor within so many lines of it: kNearLines of src/diagnostics/confidence.hpp.
BESIDE_LINES = 3
RANKS = ("cause", "failure", "consequence")
FOLDS = 5
BINS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)

Case = collections.namedtuple("Case", "name category options body aside")
Answer = collections.namedtuple("Answer", "case category confidence suggestions log facts skipped anchor")
# A suggestion that was told: of which source and rule, its rank, whether beside the anchor, whether first of all.
Told = collections.namedtuple("Told", "kind fold source rule rank beside first stated right")


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
        return Answer(case, None, 0, [], "", [], missing, 0)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        log, facts = recorded(case, folder) if "recorded" in case.options else run_script(case, folder)
        document = explain(binary, facts, log)
        text = log.read_text(errors="replace")
    return Answer(case, document["category"], document["confidence"], document["suggestions"], text, facts, [],
                  document["anchor_line"])


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


def fold_of(name):
    return zlib.crc32(name.encode()) % FOLDS


class Rules:
    """Category and rank of every rule, asked of the binary."""

    def __init__(self, binary):
        self.binary, self.known = binary, {}

    def of(self, rule):
        if rule not in self.known:
            done = subprocess.run([self.binary, "explain", "--json", "--rule", rule], capture_output=True, text=True, check=True)
            document = json.loads(done.stdout)
            self.known[rule] = (document["category"], document["rank"])
        return self.known[rule]


def told_of(kind, group, suggestions, anchor, rules, is_right):
    """Every suggestion of one answer; is_right(suggestion, category of its rule or None)."""
    told = []
    for position, suggestion in enumerate(suggestions):
        is_rule = suggestion["source"] == "rule"
        category, rank = rules.of(suggestion["id"]) if is_rule else (None, None)
        lines = suggestion["evidence_lines"]
        beside = bool(lines) and abs(lines[0] - anchor) <= BESIDE_LINES
        told.append(Told(kind, fold_of(group), suggestion["source"], suggestion["id"], rank, beside, position == 0,
                         suggestion["confidence"], is_right(suggestion, category)))
    return told


def told_of_cases(answers, rules):
    told = []
    for a in answers:
        told += told_of("cases", a.case.name, a.suggestions, a.anchor, rules,
                        lambda s, category, a=a: (category or a.category) == a.case.category)
    return told


def told_of_logs(binary, folder, rules):
    told = []
    for line in (folder / "labels.jsonl").read_text().splitlines():
        label = json.loads(line)
        document = explain(binary, ["--exit-code", "1"], folder / "logs" / label["log"])

        def is_right(suggestion, _, chunks=label["chunks"]):
            return any(first - NEAR_LINES <= at <= last + NEAR_LINES
                       for at in suggestion["evidence_lines"] for first, last in chunks)

        told += told_of("logs", label["repo"], document["suggestions"], document["anchor_line"], rules, is_right)
    return told


def log_beta(a, b):
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)


def fit_prior(counts):
    """Mean and strength of the Beta prior under which counts (right, of) are the most likely: on a grid."""
    def likelihood(prior):
        mean, strength = prior
        a, b = mean * strength, (1 - mean) * strength
        return sum(log_beta(right + a, of - right + b) - log_beta(a, b) for right, of in counts)

    grid = [(mean / 100, strength) for mean in range(50, 100) for strength in (1, 1.5, 2, 3, 4, 6, 8, 12, 20)]
    return max(grid, key=likelihood)


class Measured:
    """What was counted over suggestions of rules, and the confidence that follows from it."""

    def __init__(self, told, kept=()):
        """`kept`: (rule, rank, right, of) of rules that were counted before and are too unsure to be told now."""
        told = [t for t in told if t.source == "rule"]
        self.counts = collections.defaultdict(lambda: [0, 0])
        ranks = {t.rule: t.rank for t in told}
        for rule, rank, right, of in kept:
            ranks[rule], self.counts[rule] = rank, [right, of]
        for t in told:
            if t.beside:
                self.counts[t.rule][0] += t.right
                self.counts[t.rule][1] += 1
        self.priors = {rank: fit_prior([c for rule, c in self.counts.items() if ranks[rule] == rank]) for rank in RANKS}
        far = [t for t in told if not t.beside]
        self.far_share = min(1, sum(t.right for t in far) / sum(map(self.precision, far))) if far else 1

    def precision(self, t):
        right, of = self.counts.get(t.rule, (0, 0))
        mean, strength = self.priors[t.rank]
        return (right + strength * mean) / (of + strength)

    def confidence(self, t):
        return self.precision(t) * (1 if t.beside else self.far_share)


def tell_reliability(title, pairs):
    """How often right, by how sure: (confidence, right)."""
    if not pairs:
        return
    brier = sum((confidence - right) ** 2 for confidence, right in pairs) / len(pairs)
    print(f"{title}: {len(pairs)} suggestions, Brier score {brier:.3f}")
    for low, high in zip((0, *BINS), (*BINS, 1.01)):
        group = [p for p in pairs if low <= p[0] < high]
        if group:
            said, right = (sum(p[i] for p in group) / len(group) for i in (0, 1))
            print(f"  {low:.2f} to {min(high, 1):.2f}  {len(group):4}  said {said:.3f}  right {right:.3f}")


def tell_confidence(told):
    of_rules = [t for t in told if t.source == "rule"]
    held_out = []
    for fold in range(FOLDS):
        measured = Measured([t for t in of_rules if t.fold != fold])
        held_out += [(t, measured.confidence(t)) for t in of_rules if t.fold == fold]
    for kind in ("cases", "logs"):
        tell_reliability(f"{kind}, rules, as said", [(t.stated, t.right) for t in of_rules if t.kind == kind])
        tell_reliability(f"{kind}, rules, from other cases", [(c, t.right) for t, c in held_out if t.kind == kind])
    tell_reliability("first of all, from other cases", [(c, t.right) for t, c in held_out if t.first])
    tell_reliability("facts, as said", [(t.stated, t.right) for t in told if t.source == "fact"])


def kept_counts(told, rules):
    """What was counted before of rules that are not told any more: without it they would be told again."""
    known = {t.rule for t in told}
    before = re.findall(r"^  (\S+): \{right: (\d+), of: (\d+)\}$", MEASURED.read_text(), re.MULTILINE)
    return [(rule, rules.of(rule)[1], int(right), int(of)) for rule, right, of in before if rule not in known]


def write_measured(measured):
    lines = ["# How often suggestions of a rule beside the anchor were right: counted by scripts/measure_rules.py over the cases",
             "# of tests/failures and 440 labelled logs of continuous integration. Not edited by hand.", "measured:"]
    for rule, (right, of) in sorted(measured.counts.items()):
        lines.append(f"  {rule}: {{right: {right}, of: {of}}}")
    MEASURED.write_text("\n".join(lines) + "\n")
    lines = ["// Numbers that scripts/measure_rules.py counted and wrote: see confidence.hpp."]
    for rank, (mean, strength) in measured.priors.items():
        lines.append(f"constexpr BetaPrior k{rank.capitalize()}Prior{{.mean = {mean:.2f}, .strength = {strength:g}}};")
    lines.append(f"constexpr double kFarShare = {measured.far_share:.2f};")
    (ROOT / "src" / "diagnostics" / "measured_confidence.inc").write_text("\n".join(lines) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("--cases", type=pathlib.Path, default=ROOT / "tests" / "failures")
    parser.add_argument("--logs", type=pathlib.Path)
    parser.add_argument("--only")
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--write", action="store_true")
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
    if options.logs or options.write:
        rules = Rules(options.binary)
        told = told_of_cases(answers, rules)
        told += told_of_logs(options.binary, options.logs, rules) if options.logs else []
        tell_confidence(told)
        if options.write:
            write_measured(Measured(told, kept_counts(told, rules)))
    right = sum(a.category == a.case.category for a in answers)
    bad = len(wrong_and_confident(answers))
    if options.check and (right < LEAST_ACCURACY * len(answers) or bad > MOST_WRONG_AND_CONFIDENT * len(answers)):
        sys.exit("below what is asked")


if __name__ == "__main__":
    main()
