#!/usr/bin/env python3
"""check_style.py must report each thing it forbids, once, with its place."""
import unittest

from tree import TreeTest

import check_style

GOOD_HEADER = """// Stage: one step of a workflow. Knows nothing of running.
// layer: model
#pragma once

#include "headway/result.hpp"

#include <vector>

namespace headway {

class Clock;

// One stage.
class Stage {
 public:
  int id() const { return 1; }
};

// Any stage.
template <typename T>
struct Holder {
  T value;
};

// How it ended.
enum class Ending { good, bad };

// A list of them.
using Stages = std::vector<Stage>;

}  // namespace headway
"""


class CheckStyleTest(TreeTest):
    def setUp(self):
        super().setUp()
        self.write("include/headway/stage.hpp", GOOD_HEADER)
        self.write("src/model/stage.cpp", '// Stage.\n#include "headway/stage.hpp"\nint one() { return 1; }\n')
        self.write("tests/unit/model/stage_test.cpp", "// Stage.\nint two() { return 2; }\n")

    def assert_one(self, *parts):
        problems = check_style.check(self.root)[0]
        self.assertEqual(len(problems), 1, problems)
        for part in parts:
            self.assertIn(part, problems[0])

    def test_two_types_of_one_name_in_one_namespace(self):
        self.write("src/model/other.hpp", "// Other.\nnamespace headway {\n// Another.\nstruct Holder {\n};\n}\n")
        self.assert_one("src/model/other.hpp:4", "headway::Holder", "include/headway/stage.hpp:21")

    def test_declarations_members_and_other_namespaces_share_names(self):
        self.write("src/model/other.hpp", "// Other.\nnamespace headway::cli {\n// A.\nstruct Holder {\n};\n}\n")
        self.write("src/model/third.hpp", "// Third.\nnamespace headway {\nclass Stage;\n"
                   "// Its state.\nstruct Stage::State {\n};\n}\n")
        self.assertEqual(check_style.check(self.root)[0], [])

    def test_sound_tree_has_no_problem(self):
        code, out, err = self.run_main(check_style.main)
        self.assertEqual((code, out), (0, ""))
        self.assertIn("3 sources, 3 functions", err)

    def test_file_of_600_lines_is_fine_and_601_are_reported(self):
        self.write("src/model/long.cpp", "// Long.\n" + "int x;\n" * 599)
        self.assertEqual(check_style.check(self.root)[0], [])
        self.write("src/model/long.cpp", "// Long.\n" + "int x;\n" * 600)
        self.assert_one("src/model/long.cpp:601", "601 lines")
        self.assertEqual(self.run_main(check_style.main)[0], 1)

    def test_function_of_70_lines_is_fine_and_71_are_reported(self):
        self.write("src/model/body.cpp", "// Body.\nvoid body() {\n" + "  ++x;\n" * 68 + "}\n")
        self.assertEqual(check_style.check(self.root)[0], [])
        self.write("src/model/body.cpp", "// Body.\nvoid body() {\n" + "  ++x;\n" * 69 + "}\n")
        self.assert_one("src/model/body.cpp:2: body has 71 lines")

    def test_long_member_function_in_a_header_is_reported(self):
        self.write("src/model/inline.hpp", "// Inline.\n\n// A.\nclass A {\n  void go() {\n" + "    ++x;\n" * 70 + "  }\n};\n")
        self.assert_one("src/model/inline.hpp:5: go has 72 lines")

    def test_long_test_is_reported(self):
        self.write("tests/unit/model/stage_test.cpp", "// S.\nTEST(Stage, is_long) {\n" + "  ++x;\n" * 70 + "}\n")
        self.assert_one("tests/unit/model/stage_test.cpp:2: TEST has 72 lines")

    def test_missing_opening_comment_is_reported(self):
        self.write("src/model/bare.cpp", "#include <vector>\n")
        self.assert_one("src/model/bare.cpp:1", "first line must be a comment")

    def test_missing_opening_comment_of_a_script_is_reported(self):
        self.write("scripts/bare.py", "#!/usr/bin/env python3\nimport sys\n")
        self.assert_one("scripts/bare.py:1", "first line must be a comment")

    def test_script_with_docstring_after_its_interpreter_line_is_fine(self):
        self.write("scripts/good.py", '#!/usr/bin/env python3\n"""Does good."""\n')
        self.assertEqual(check_style.check(self.root)[0], [])

    def test_heavy_header_in_a_public_header_is_reported(self):
        for header in ("iostream", "regex", "thread"):
            with self.subTest(header):
                self.write("include/headway/heavy.hpp", f"// Heavy.\n#include <{header}>\n")
                self.assert_one("include/headway/heavy.hpp:2", f"<{header}> is too heavy")

    def test_third_party_header_in_a_public_header_is_reported(self):
        for header in ("<fmt/core.h>", "<sqlite3.h>", "<nlohmann/json.hpp>", '"base/text.hpp"'):
            with self.subTest(header):
                self.write("include/headway/third.hpp", f"// Third.\n#include {header}\n")
                self.assert_one("include/headway/third.hpp:2", header.strip('<>"'))

    def test_type_without_contract_is_reported(self):
        for text in ("class Bare {\n};", "struct Bare final : Base {\n};", "enum class Bare { a };", "template <class T>\n"
                     "class Bare {\n};", "using Bare = int;", "class [[nodiscard]] Bare {\n};",
                     'class HEADWAY_CAPABILITY("mutex") Bare {\n};'):
            with self.subTest(text):
                self.write("src/model/bare.hpp", f"// Bare.\n#pragma once\n\n{text}\n")
                self.assert_one("src/model/bare.hpp", "type Bare has no contract")

    def test_forward_declaration_needs_no_contract(self):
        self.write("src/model/forward.hpp", "// Forward.\n\nclass Later;\nstruct Other;\nenum class Third : int;\n")
        self.assertEqual(check_style.check(self.root)[0], [])

    def test_sleep_clock_or_process_in_a_unit_test_is_reported(self):
        for call in ("std::this_thread::sleep_for(1s)", "sleep(1)", "usleep(5)", "std::chrono::steady_clock::now()",
                     "fork()", 'std::system("true")'):
            with self.subTest(call):
                self.write("tests/unit/model/stage_test.cpp", f"// Stage.\nvoid f() {{ {call}; }}\n")
                self.assert_one("tests/unit/model/stage_test.cpp:2", "in a unit test")

    def test_words_in_strings_and_comments_of_a_unit_test_are_fine(self):
        self.write("tests/unit/model/stage_test.cpp", '// Stage.\nauto s = "sleep (1)";  // never sleep(1)\nint f() { return 1; }\n')
        self.assertEqual(check_style.check(self.root)[0], [])

    def test_sleep_in_an_integration_test_is_left_alone(self):
        self.write("tests/integration/model/stage_test.cpp", "// Stage.\nvoid f() { usleep(5); }\n")
        self.assertEqual(check_style.check(self.root)[0], [])

    def test_unit_test_that_mirrors_no_file_is_reported(self):
        self.write("tests/unit/model/ghost_test.cpp", "// Ghost.\n")
        self.assert_one("tests/unit/model/ghost_test.cpp:1", "mirrors no file")

    def test_unit_test_of_one_side_of_a_file_mirrors_it(self):
        self.write("tests/unit/model/stage_retry_test.cpp", "// Retries of a stage.\n")
        self.assertEqual(check_style.check(self.root)[0], [])

    def test_unit_test_of_several_files_of_one_kind_mirrors_them(self):
        self.write("tests/unit/model/observers_test.cpp", "// Observers.\n")
        self.assert_one("mirrors no file")
        self.write("src/model/status_observer.hpp", "// One of them.\n")
        self.assertEqual(check_style.check(self.root)[0], [])

    def test_unit_test_in_a_folder_of_a_layer_mirrors_that_folder(self):
        self.write("src/model/lane.hpp", "// Lane.\n")
        self.write("tests/unit/model/readers/lane_test.cpp", "// Lane.\n")
        self.assert_one("tests/unit/model/readers/lane_test.cpp:1", "src/model/readers/lane.hpp")
        self.write("src/model/readers/lane.hpp", "// Lane.\n")
        self.assertEqual(check_style.check(self.root)[0], [])

    def test_note_to_self_is_reported_in_code_and_prose(self):
        for name in ("src/model/note.cpp", "docs/note.md", "dev"):
            with self.subTest(name):
                path = self.write(name, "// Note.\n# TODO: later\n")
                self.assert_one(f"{name}:2", "note to self")
                path.unlink()

    def test_path_of_one_machine_is_reported(self):
        for text in ("see /home/ana/x", "cd /work/x", '"/root/x"'):
            with self.subTest(text):
                self.write("docs/path.md", f"{text}\n")
                self.assert_one("docs/path.md:1", "path of one machine")

    def test_path_in_a_repository_or_on_any_machine_is_fine(self):
        self.write("docs/path.md", "tests/work/x, ../root/x, /tmp/x, /usr/bin/env, build/home/x, $HOME/work/x\n")
        self.assertEqual(check_style.check(self.root)[0], [])

    def test_what_tools_make_is_left_out(self):
        self.write("examples/a/build/made.md", "TODO\n")
        self.write("build/dev/made.cpp", "TODO\n")
        self.assertEqual(check_style.check(self.root)[0], [])

    def test_tree_without_functions_is_an_error_not_a_success(self):
        for path in list(self.root.glob("**/*.?pp")):
            path.unlink()
        code, _, err = self.run_main(check_style.main)
        self.assertEqual(code, 2)
        self.assertIn("nothing was checked", err)


if __name__ == "__main__":
    unittest.main()
