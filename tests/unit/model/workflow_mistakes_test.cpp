// Every kind of mistake in a workflow file, and the exact lines that tell it.
#include "model/workflow_file.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace headway {
namespace {

struct BadFile {
  const char* situation;
  std::string text;
  std::vector<std::string> lines;
};

void PrintTo(const BadFile& file, std::ostream* out) {
  *out << file.situation;
}

// A file with one stage 'a' of these lines, the first of which is line 4, column 5.
std::string stage_a(const std::string& lines) {
  return "version: 1\nstages:\n  a:\n" + lines;
}

// A file with two stages and one lane 'l', whose lines begin at line 5, column 5.
std::string lane_l(const std::string& lines) {
  return "version: 1\nstages: {a: {run: x}, b: {run: x}}\nlanes:\n  l:\n" + lines;
}

class BadFiles : public testing::TestWithParam<BadFile> {};

TEST_P(BadFiles, are_told_line_by_line) {
  const LoadedWorkflow loaded = parse_workflow(GetParam().text, "w.yaml", "/repo");
  std::vector<std::string> lines;
  for (const Problem& problem : loaded.problems) {
    lines.push_back(to_string(problem));
  }
  EXPECT_EQ(lines, GetParam().lines);
  EXPECT_FALSE(loaded.valid());
}

const std::string kEmpty = "w.yaml:1:1: the file is empty: start with 'version: 1'";
const std::string kDuration =
    " must be a duration such as 90s, 10m or 1h30m, above 0, at most 366d";

INSTANTIATE_TEST_SUITE_P(
    text_that_is_no_yaml,
    BadFiles,
    testing::Values(
        BadFile{"empty", "", {kEmpty}},
        BadFile{"only a comment", "# nothing\n", {kEmpty}},
        BadFile{"only a byte order mark", "\xEF\xBB\xBF", {kEmpty}},
        BadFile{"only a document start",
                "---\n",
                {"w.yaml:2:1: the file must be a mapping: start with 'version: 1' and 'stages:'"}},
        BadFile{"a list",
                "- a\n",
                {"w.yaml:1:1: the file must be a mapping: start with 'version: 1' and 'stages:'"}},
        BadFile{"indented by a tab",
                "version: 1\nstages:\n\ta: {run: x}\n",
                {"w.yaml:3:1: a tab stands where the line is indented: YAML wants spaces"}},
        BadFile{
            "a bracket that is never closed",
            "version: 1\nstages: {a: {run: x}\n",
            {"w.yaml:3:1: not valid YAML: did not find expected ',' or '}' while parsing a flow "
             "mapping (from line 2)"}},
        BadFile{"not UTF-8",
                "version: 1\nname: \xC3\xA4\xFF\n",
                {"w.yaml:2:8: not valid UTF-8: save the file as UTF-8"}},
        BadFile{"UTF-16",
                std::string("\xFF\xFEv\0", 4),
                {"w.yaml:1:1: the file is UTF-16: save it as UTF-8"}},
        BadFile{"a raw NUL byte",
                std::string("version: 1\nname: a\0b\n", 22),
                {"w.yaml:2:8: control character 0x00 is not allowed"}},
        BadFile{"larger than any workflow",
                std::string(16 * 1024 * 1024 + 1, '#'),
                {"w.yaml: the file is larger than 16 MiB"}},
        BadFile{"a second document, and a mistake in the first",
                "version: 2\nstages: {a: {run: x}}\n---\nversion: 1\n",
                {"w.yaml:1:10: version 2 of the file is not known: this headway reads version 1",
                 "w.yaml:3:1: a second document begins here: one file is one workflow"}}));

INSTANTIATE_TEST_SUITE_P(
    yaml_that_is_refused,
    BadFiles,
    testing::Values(
        BadFile{"a key that comes twice",
                stage_a("    run: x\n    run: y\n"),
                {"w.yaml:5:5: key 'run' comes twice (first on line 4)"}},
        BadFile{"a stage that comes twice",
                "version: 1\nstages:\n  a: {run: x}\n  a: {}\n",
                {"w.yaml:4:3: key 'a' comes twice (first on line 3)"}},
        BadFile{"a merge key",
                "version: 1\nstages:\n  a: &a {run: x}\n  b:\n    <<: *a\n    run: y\n",
                {"w.yaml:5:5: merge keys ('<<') are not supported: write the keys out"}},
        BadFile{"a tag",
                stage_a("    run: !shell x\n"),
                {"w.yaml:4:10: tag '!shell' is not supported: write the value without it"}},
        BadFile{"a directive for tags",
                "# w\n%TAG !a! tag:x\n--- {}\n",
                {"w.yaml:2:1: '%TAG' is not supported: write values without tags"}},
        BadFile{"a key that is a list",
                stage_a("    run: x\n    ? [b]\n    : 1\n"),
                {"w.yaml:5:7: a key must be plain text, not a list or a mapping"}},
        BadFile{"an alias without anchor",
                stage_a("    run: *b\n"),
                {"w.yaml:4:10: alias '*b' has no anchor '&b' above it"}},
        BadFile{"an alias inside its own anchor",
                stage_a("    run: &b [*b]\n"),
                {"w.yaml:4:14: alias '*b' stands inside its own anchor"}}));

INSTANTIATE_TEST_SUITE_P(
    the_root,
    BadFiles,
    testing::Values(
        BadFile{"nothing that must be there",
                "name: x\n",
                {"w.yaml:1:1: the workflow has no 'version': add 'version: 1' at the top",
                 "w.yaml:1:1: the workflow has no 'stages'"}},
        BadFile{"a quoted version",
                "version: '1'\nstages: {a: {run: x}}\n",
                {"w.yaml:1:10: 'version' must be the number 1, not '\"1\"'"}},
        BadFile{"no stage",
                "version: 1\nstages: {}\n",
                {"w.yaml:2:9: 'stages' is empty: a workflow has at least one"}},
        BadFile{
            "stages without value", "version: 1\nstages:\n", {"w.yaml:2:8: 'stages' has no value"}},
        BadFile{"stages as a list",
                "version: 1\nstages: [a]\n",
                {"w.yaml:2:9: 'stages' must be a mapping of stages, not a list"}},
        BadFile{"an unknown key near a known one",
                "version: 1\nstages: {a: {run: x}}\nlane: {}\n",
                {"w.yaml:3:1: the workflow has unknown key 'lane' (did you mean 'lanes'?)"}},
        BadFile{
            "rules for commits that are none",
            "version: 1\nstages: {a: {run: x}}\ncommits: {profile: lax, types: [Feat], issue: "
            "maybe, merge: yes, scopes: []}\n",
            {"w.yaml:3:20: 'profile' of 'commits' must be one of default, relaxed, strict, not "
             "'lax'",
             "w.yaml:3:33: 'types' of 'commits' must be a list of words in lower case such as "
             "feat, "
             "not 'Feat'",
             "w.yaml:3:47: 'issue' of 'commits' must be one of optional, required, not 'maybe'",
             "w.yaml:3:61: 'merge' of 'commits' must be one of accept, check, refuse, not 'yes'",
             "w.yaml:3:66: 'commits' has unknown key 'scopes'"}},
        BadFile{"commits that are no mapping, and without types",
                "version: 1\nstages: {a: {run: x}}\ncommits: {types: []}\n",
                {"w.yaml:3:18: 'types' of 'commits' must be a list with at least one type: leave "
                 "it out "
                 "for the usual ones, not a list"}},
        BadFile{"env with values that are none",
                "version: 1\nstages: {a: {run: x}}\nenv: {A: , B: [x], 'C=D': x, '': y}\n",
                {"w.yaml:3:10: 'env.A' has no value",
                 "w.yaml:3:15: 'env.B' must be text, not a list",
                 "w.yaml:3:20: 'env' has a variable 'C=D': a name is not empty and has no '='",
                 "w.yaml:3:30: 'env' has a variable '': a name is not empty and has no '='"}},
        BadFile{"secrets that are none",
                "version: 1\nstages: {a: {run: x}}\nsecrets: [T, T, '']\nname: ''\n",
                {"w.yaml:3:14: 'secrets' has 'T' twice",
                 "w.yaml:3:17: 'secrets' must be a list with the name of a variable in each item, "
                 "not '\"\"'",
                 "w.yaml:4:7: 'name' is empty"}},
        BadFile{
            "defaults out of range",
            "version: 1\ndefaults: {timeout: 0s, grace: -1s, retries: -1, retrys: 1}\n"
            "stages: {a: {run: x}}\n",
            {"w.yaml:2:21: 'timeout' of 'defaults'" + kDuration + ", not '0s'",
             "w.yaml:2:32: 'grace' of 'defaults' must be a duration such as 90s, 10m or 1h30m, at "
             "most 366d, not '-1s'",
             "w.yaml:2:46: 'retries' of 'defaults' must be a whole number from 0 to 100, not '-1'",
             "w.yaml:2:50: 'defaults' has unknown key 'retrys' (did you mean 'retries'?)"}}));

INSTANTIATE_TEST_SUITE_P(
    one_stage,
    BadFiles,
    testing::Values(
        BadFile{"no run", stage_a("    name: x\n"), {"w.yaml:3:3: stage 'a' has no 'run'"}},
        BadFile{"nothing at all",
                stage_a("  b: x\n"),
                {"w.yaml:3:5: stage 'a' is empty: give it at least a 'run'",
                 "w.yaml:4:6: stage 'b' must be a mapping: give it at least a 'run'"}},
        BadFile{"an empty run",
                stage_a("    run: ' '\n"),
                {"w.yaml:4:10: 'run' of stage 'a' is empty"}},
        BadFile{"a run without value",
                stage_a("    run:\n"),
                {"w.yaml:4:9: 'run' of stage 'a' has no value"}},
        BadFile{"an empty list to run",
                stage_a("    run: []\n"),
                {"w.yaml:4:10: 'run' of stage 'a' names no program"}},
        BadFile{"arguments that are none",
                stage_a("    run: [x, ~, {}]\n"),
                {"w.yaml:4:14: 'run' of stage 'a' has no value",
                 "w.yaml:4:17: 'run' of stage 'a' must be text, not a mapping"}},
        BadFile{"a NUL byte by an escape",
                stage_a("    run: \"x\\0y\"\n"),
                {"w.yaml:4:10: 'run' of stage 'a' holds a NUL byte"}},
        BadFile{
            "a script longer than an argument may be",
            stage_a("    run: " + std::string(131072, 'x') + "\n"),
            {"w.yaml:4:10: 'run' of stage 'a' is longer than the 128 KiB that Linux takes: put it "
             "in a file"}},
        BadFile{
            "a variable longer than an entry may be",
            stage_a("    run: x\n    env: {A: " + std::string(131070, 'x') + "}\n"),
            {"w.yaml:5:14: 'env.A' of stage 'a' is longer than the 128 KiB that Linux takes: put "
             "it in a file"}},
        BadFile{"an unknown key",
                stage_a("    run: x\n    neds: []\n    zzzzzz: 1\n"),
                {"w.yaml:5:5: stage 'a' has unknown key 'neds' (did you mean 'needs'?)",
                 "w.yaml:6:5: stage 'a' has unknown key 'zzzzzz'"}},
        BadFile{
            "words where truth values belong",
            stage_a("    run: x\n    always: yes\n    allow_failure: 'true'\n"),
            {"w.yaml:5:13: 'always' of stage 'a' must be true or false, not 'yes'",
             "w.yaml:6:20: 'allow_failure' of stage 'a' must be true or false, not '\"true\"'"}},
        BadFile{
            "durations without unit, of nothing, of ages",
            stage_a("    run: x\n    timeout: 30\n    grace: 367d\n"),
            {"w.yaml:5:14: 'timeout' of stage 'a'" + kDuration + ", not '30'",
             "w.yaml:6:12: 'grace' of stage 'a' must be a duration such as 90s, 10m or 1h30m, at "
             "most 366d, not '367d'"}},
        BadFile{
            "resources out of range",
            stage_a("    run: x\n    resources: {cpus: 0, memory: 5, locks: x, gpus: 1}\n"),
            {"w.yaml:5:23: 'resources.cpus' of stage 'a' must be a number from 0.001 to 65536, not "
             "'0'",
             "w.yaml:5:34: 'resources.memory' of stage 'a' must be a size such as 512MiB or 2GB, "
             "not '5'",
             "w.yaml:5:44: 'resources.locks' of stage 'a' must be a list, not 'x'",
             "w.yaml:5:47: 'resources' of stage 'a' has unknown key 'gpus' (did you mean "
             "'cpus'?)"}},
        BadFile{
            "retries out of range",
            stage_a("    run: x\n    retries: {max: 1.5, delay: 1, backoff: 0.5, jitter: 2, on: "
                    "[0, cancelled]}\n"),
            {"w.yaml:5:20: 'retries.max' of stage 'a' must be a whole number from 0 to 100, not "
             "'1.5'",
             "w.yaml:5:32: 'retries.delay' of stage 'a' must be a duration such as 90s, 10m or "
             "1h30m, at most 366d, not '1'",
             "w.yaml:5:44: 'retries.backoff' of stage 'a' must be a number from 1 to 100, not "
             "'0.5'",
             "w.yaml:5:57: 'retries.jitter' of stage 'a' must be a number from 0 to 1, not '2'",
             "w.yaml:5:65: 'retries.on' of stage 'a' must be one or more of exit codes from 1 to "
             "255, signal, timeout or oom, not '0'",
             "w.yaml:5:68: 'retries.on' of stage 'a' must be one or more of exit codes from 1 to "
             "255, signal, timeout or oom, not 'cancelled'"}},
        BadFile{"retries without a number",
                stage_a("    run: x\n    retries: {delay: 1s}\n"),
                {"w.yaml:5:14: 'retries' of stage 'a' has no 'max'"}},
        BadFile{
            "a name that is none",
            "version: 1\nstages:\n  1a: {run: x}\n  'a b': {run: x}\n",
            {"w.yaml:3:3: '1a' is no name for a stage: a letter or '_', then letters, digits, '_', "
             "'.' and '-', at most 80 in all",
             "w.yaml:4:3: 'a b' is no name for a stage: a letter or '_', then letters, digits, "
             "'_', '.' and '-', at most 80 in all"}}));

INSTANTIATE_TEST_SUITE_P(
    stages_together,
    BadFiles,
    testing::Values(
        BadFile{"needs that are no list",
                stage_a("    run: x\n    needs: a\n"),
                {"w.yaml:5:12: 'needs' of stage 'a' must be a list of stages such as [setup], not "
                 "'a'"}},
        BadFile{
            "needs of unknown, of itself, twice",
            "version: 1\nstages:\n  build: {run: x}\n"
            "  lint: {run: x, needs: [buld, lint, build, build, ~]}\n",
            {"w.yaml:4:26: stage 'lint' needs unknown stage 'buld' (did you mean 'build'?)",
             "w.yaml:4:32: stage 'lint' needs itself",
             "w.yaml:4:45: stage 'lint' needs stage 'build' twice",
             "w.yaml:4:52: 'needs' of stage 'lint' must be a list of stages such as [setup], not "
             "'~'"}},
        BadFile{"an ordinary stage that needs an always stage",
                "version: 1\nstages:\n  z: {run: x, always: true}\n  a: {run: x, needs: [z]}\n",
                {"w.yaml:4:23: stage 'a' needs stage 'z', which is an 'always' stage and runs "
                 "after all "
                 "else"}},
        BadFile{
            "two cycles, each told once",
            "version: 1\nstages:\n  a: {run: x, needs: [c]}\n  b: {run: x, needs: [a]}\n"
            "  c: {run: x, needs: [b]}\n  d: {run: x, needs: [a, e]}\n  e: {run: x, needs: [d]}\n",
            {"w.yaml:3:23: stages need each other: a -> c -> b -> a",
             "w.yaml:6:26: stages need each other: d -> e -> d"}}));

INSTANTIATE_TEST_SUITE_P(
    lanes,
    BadFiles,
    testing::Values(
        BadFile{"lanes that are empty",
                "version: 1\nstages: {a: {run: x}}\nlanes: {}\n",
                {"w.yaml:3:8: 'lanes' is empty: leave it out for the built-in lanes"}},
        BadFile{
            "unknown stages, numbers and ranges out of range",
            lane_l("    stages: [aa, 2, 0-5, 1-0, 1-, {}]\n"),
            {"w.yaml:5:14: lane 'l' has unknown stage 'aa' (did you mean 'a'?)",
             "w.yaml:5:18: lane 'l' has stage number 2, but stages are 0 to 1",
             "w.yaml:5:21: lane 'l' has stage number 5, but stages are 0 to 1",
             "w.yaml:5:26: 'stages' of lane 'l' must be a list of stages, numbers and ranges as "
             "2-4, not '1-0'",
             "w.yaml:5:31: 'stages' of lane 'l' must be a list of stages, numbers and ranges as "
             "2-4, not '1-'",
             "w.yaml:5:35: 'stages' of lane 'l' must be a list of stages, numbers and ranges, not "
             "a mapping"}},
        BadFile{"a lane without stages",
                lane_l("    stages: []\n"),
                {"w.yaml:5:13: lane 'l' takes no stage at all"}},
        BadFile{"a lane that leaves everything out",
                lane_l("    stages: {except: [0-1]}\n"),
                {"w.yaml:5:13: lane 'l' takes no stage at all"}},
        BadFile{
            "a misspelled except",
            lane_l("    stages: {excpt: [a]}\n"),
            {"w.yaml:5:14: 'stages' of lane 'l' has unknown key 'excpt' (did you mean 'except'?)"}},
        BadFile{"choice that only excepts",
                lane_l("    choose: {except: [a]}\n"),
                {"w.yaml:5:13: 'choose' of lane 'l' has no condition: one of only, files, lines, "
                 "any"}},
        BadFile{
            "keys without meaning",
            lane_l("    extends: m\n    choose: {}\n    slo: 1m\n    sla: 0s\n"),
            {"w.yaml:5:14: lane 'l' extends unknown lane 'm'",
             "w.yaml:6:13: 'choose' of lane 'l' has no condition: one of only, files, lines, any",
             "w.yaml:7:5: lane 'l' has unknown key 'slo' (did you mean 'sla'?)",
             "w.yaml:8:10: 'sla' of lane 'l'" + kDuration + ", not '0s'"}},
        BadFile{
            "lanes that extend each other",
            lane_l("    extends: m\n  m: {extends: n}\n  n: {extends: l}\n  o: {extends: o}\n"),
            {"w.yaml:7:16: lane 'n' extends 'l', which extends it: a lane cannot extend itself",
             "w.yaml:8:16: lane 'o' extends 'o', which extends it: a lane cannot extend itself"}},
        BadFile{"conditions that are none",
                lane_l("    choose: {files: 5, lines: '> -1', only: [], any: ['a[', '']}\n"
                       "    warn_on_code: maybe\n"),
                {"w.yaml:5:21: 'choose.files' of lane 'l' must be a condition for a number such as "
                 "'> 5', not '5'",
                 "w.yaml:5:31: 'choose.lines' of lane 'l' must be a condition for a number such as "
                 "'> 5', not '\"> -1\"'",
                 "w.yaml:5:45: 'choose.only' of lane 'l' is empty: leave it out",
                 "w.yaml:5:61: 'choose.any' of lane 'l' must be a list with the glob in each item, "
                 "not '\"\"'",
                 "w.yaml:6:19: 'warn_on_code' of lane 'l' must be true or false, not 'maybe'"}},
        BadFile{"two default lanes and a reserved name",
                lane_l("    default: true\n  m: {default: true}\n  auto: {}\n"),
                {"w.yaml:6:3: lane 'm' is a second default lane beside 'l'",
                 "w.yaml:7:3: lane 'auto' cannot be named so: '--lane auto' means to choose"}}));

}  // namespace
}  // namespace headway
