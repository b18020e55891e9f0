#!/usr/bin/env python3
"""check_layers.py must report each way to break the layers, and nothing in a sound tree."""
import unittest

from tree import ROOT, TreeTest

import check_layers

TABLE = """# Layers
| folder | is | may include besides base | never |
|---|---|---|---|
| `src/base/` | text | - | knows a workflow |
| `src/model/` | workflow | - | runs anything |
| `src/record/` | files | model | decides |
| `src/orchestration/` | a run | all above | formats |
| `src/cli/` | commands | all | holds a rule |
"""


class CheckLayersTest(TreeTest):
    def setUp(self):
        super().setUp()
        self.write("ARCHITECTURE.md", TABLE)
        self.write("src/base/text.hpp", "// Text.\n#pragma once\n")
        self.write("src/model/stage.hpp", '// Stage.\n#include "base/text.hpp"\n#include <vector>\n')
        self.write("include/headway/events.hpp", "// Events.\n// layer: model\n#pragma once\n")

    def problems(self):
        return check_layers.check(self.root)[0]

    def assert_one(self, *parts):
        problems = self.problems()
        self.assertEqual(len(problems), 1, problems)
        for part in parts:
            self.assertIn(part, problems[0])

    def test_sound_tree_has_no_problem_and_every_file_is_looked_at(self):
        code, out, err = self.run_main(check_layers.main)
        self.assertEqual((code, out), (0, ""))
        self.assertIn("3 files", err)

    def test_quoted_include_against_the_table_is_reported_with_its_line(self):
        self.write("src/model/lane.cpp", '// Lane.\n#include "record/run_folder.hpp"\n')
        self.assert_one("src/model/lane.cpp:2: model must not include record")
        self.assertEqual(self.run_main(check_layers.main)[0], 1)

    def test_angle_bracket_include_against_the_table_is_reported(self):
        self.write("src/base/files.cpp", "// Files.\n#include <model/stage.hpp>\n")
        self.assert_one("src/base/files.cpp:2", "base must not include model")

    def test_angle_bracket_include_of_a_public_header_is_reported(self):
        self.write("src/base/files.cpp", "// Files.\n#  include <headway/events.hpp>\n")
        self.assert_one("src/base/files.cpp:2", "base must not include model")

    def test_header_only_header_is_checked(self):
        self.write("src/model/only.hpp", '// No .cpp beside it.\n#include "orchestration/run.hpp"\n')
        self.assert_one("src/model/only.hpp:2", "model must not include orchestration")

    def test_public_header_without_source_file_belongs_to_its_layer_line(self):
        self.write("include/headway/facts.hpp", "// Facts.\n// layer: record\n")
        self.write("src/model/stage.cpp", '// Stage.\n#include "headway/facts.hpp"\n')
        self.assert_one("src/model/stage.cpp:2", "model must not include record")

    def test_public_header_is_held_to_its_own_layer(self):
        self.write("include/headway/facts.hpp", '// Facts.\n// layer: base\n#include "headway/events.hpp"\n')
        self.assert_one("include/headway/facts.hpp:3", "base must not include model")

    def test_equal_names_in_two_folders_are_told_apart(self):
        self.write("src/model/names.hpp", "// Names of the model.\n")
        self.write("src/model/names.cpp", '// Names of the model.\n#include "model/names.hpp"\n')
        self.write("src/record/names.cpp", '// Names of the record.\n#include "model/names.hpp"\n')
        self.write("src/base/names.hpp", "// Names of base.\n")
        self.assertEqual(self.problems(), [])
        self.write("src/base/names.cpp", '// Names of base.\n#include "model/names.hpp"\n')
        self.assert_one("src/base/names.cpp:2", "base must not include model")

    def test_public_header_of_the_same_name_as_a_lower_file_keeps_its_layer(self):
        self.write("src/base/events.cpp", "// Events of base.\n")
        self.write("src/base/use.cpp", '// Use.\n#include "headway/events.hpp"\n')
        self.assert_one("src/base/use.cpp:2", "base must not include model")

    def test_relative_path_does_not_hide_the_layer(self):
        self.write("src/base/sly.cpp", '// Sly.\n#include "../model/stage.hpp"\n')
        self.assert_one("src/base/sly.cpp:2", "base must not include model")

    def test_subfolder_belongs_to_the_layer_above_it(self):
        self.write("src/base/deep/er.cpp", '// Deep.\n#include "model/stage.hpp"\n')
        self.assert_one("src/base/deep/er.cpp:2", "base must not include model")

    def test_unit_test_is_held_to_its_layer(self):
        self.write("tests/unit/base/text_test.cpp", '// Text.\n#include "model/stage.hpp"\n')
        self.assert_one("tests/unit/base/text_test.cpp:2", "base must not include model")

    def test_folder_inside_a_layer_is_held_to_that_layer(self):
        self.write("src/model/readers/use.cpp", '// Use.\n#include "record/log.hpp"\n')
        self.assert_one("src/model/readers/use.cpp:2", "model must not include record")

    def test_public_header_without_layer_line_is_reported(self):
        self.write("include/headway/lost.hpp", "// Lost. layer: model\n")
        self.assert_one("include/headway/lost.hpp:1", "needs exactly one line")

    def test_public_header_with_two_layer_lines_is_reported(self):
        self.write("include/headway/two.hpp", "// layer: model\n// layer: base\n")
        self.assert_one("include/headway/two.hpp:1", "has 2")

    def test_unknown_layer_name_is_reported(self):
        self.write("include/headway/odd.hpp", "// layer: attic\n")
        self.assert_one("include/headway/odd.hpp:1: unknown layer attic")

    def test_missing_public_header_is_reported(self):
        self.write("src/model/use.cpp", "// Use.\n#include <headway/nothing.hpp>\n")
        self.assert_one("src/model/use.cpp:2", "no such public header")

    def test_folder_outside_the_table_is_reported(self):
        self.write("src/attic/old.cpp", "// Old.\n")
        self.assert_one("src/attic/old.cpp:1", "not in the table")

    def test_nlohmann_outside_base_is_reported(self):
        self.write("src/base/json.cpp", "// Json.\n#include <nlohmann/json.hpp>\n")
        self.assertEqual(self.problems(), [])
        self.write("src/model/json.cpp", "// Json.\n#include <nlohmann/json.hpp>\n")
        self.assert_one("src/model/json.cpp:2", "stays inside src/base")

    def test_cmake_dependency_against_the_table_is_reported(self):
        self.write("CMakeLists.txt", "headway_layer(record DEPENDS base model LIBRARIES fmt::fmt)\n"
                   "headway_layer(model DEPENDS base record)\n")
        self.assert_one("layer model must not depend on record")

    def test_tree_without_sources_is_an_error_not_a_success(self):
        for path in list(self.root.glob("**/*.hpp")):
            path.unlink()
        code, _, err = self.run_main(check_layers.main)
        self.assertEqual(code, 2)
        self.assertIn("nothing was checked", err)

    def test_architecture_without_table_is_an_error(self):
        self.write("ARCHITECTURE.md", "# No table\n")
        code, _, err = self.run_main(check_layers.main)
        self.assertEqual(code, 2)
        self.assertIn("no table of layers", err)

    def test_table_with_a_misspelt_layer_is_an_error(self):
        self.write("ARCHITECTURE.md", TABLE.replace("| model | decides", "| modle | decides"))
        self.assertIn("unknown layers: modle", self.run_main(check_layers.main)[2])


class RealTableTest(unittest.TestCase):
    """The table in ARCHITECTURE.md is read whole."""

    def test_every_layer_has_what_the_design_gave_it(self):
        allowed = check_layers.Layers.parse((ROOT / "ARCHITECTURE.md").read_text()).allowed
        self.assertEqual(list(allowed), [
            "base", "host", "model", "logging", "scheduling", "record", "timing", "execution", "quality",
            "diagnostics", "change", "orchestration", "report", "cli"])
        for leaf in ("base", "host", "model", "logging", "scheduling"):
            self.assertEqual(allowed[leaf], set(), leaf)
        self.assertEqual(allowed["record"], {"model"})
        self.assertEqual(allowed["timing"], {"model", "scheduling", "record"})
        self.assertEqual(allowed["execution"], {"host", "logging", "scheduling"})
        self.assertEqual(allowed["quality"], {"model"})
        self.assertEqual(allowed["diagnostics"], {"host", "model", "logging", "record", "timing", "quality"})
        self.assertEqual(allowed["change"], {"host", "model"})
        self.assertEqual(allowed["report"], {"model", "record", "timing"})
        self.assertEqual(allowed["orchestration"], set(list(allowed)[:11]))
        self.assertEqual(allowed["cli"], set(allowed))


if __name__ == "__main__":
    unittest.main()
