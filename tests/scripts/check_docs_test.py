#!/usr/bin/env python3
"""check_docs.py must report each dead link and each command, flag and key that nobody documented."""
import unittest

from tree import TreeTest

import check_docs

HELP = """#!/bin/sh
case "$1" in
run) printf 'Usage: headway run [OPTIONS]\\n\\nOptions:\\n  -j,--jobs N   How many at once\\n' ;;
status) printf 'Usage: headway status\\n\\nOptions:\\n  --watch   Again and again\\n' ;;
*) printf 'Usage: headway [OPTIONS] [COMMAND]\\n\\nOptions:\\n  --version   Which one\\n\\n'
   printf 'Commands:\\n  (none)           List\\n  run [STAGE...]   Run it\\n                   all\\n  status           How it is\\n'
   printf '\\nKnown, but not built yet (refused by name):\\n  resume, --junit\\n' ;;
esac
"""


class CheckDocsTest(TreeTest):
    def setUp(self):
        super().setUp()
        self.write("schema/headway.schema.json",
                   '{"properties": {"stages": {"additionalProperties": {"properties": {"run": {}}}}}}')
        self.write("docs/reference/workflow-file.md", "# Keys\n`stages` and `run: ./x.sh`.\n")
        self.write("docs/reference/cli.md", "# Commands\n`headway run` (`-j`, `--jobs`), `headway status --watch`, `--version`\n")
        self.write("man/headway.1", ".TH HEADWAY 1\n.B headway run\n\\-j \\-\\-jobs\n.B status\n\\-\\-watch \\-\\-version\n")
        self.binary = str(self.write("headway", HELP))
        (self.root / "headway").chmod(0o755)

    def check(self):
        return self.run_main(check_docs.main, "--binary", self.binary)

    def assert_one(self, *parts):
        code, out, err = self.check()
        self.assertEqual((code, out.count("\n")), (1, 1), out + err)
        for part in parts:
            self.assertIn(part, out)

    def test_documents_that_keep_up_have_no_problem(self):
        self.assertEqual(self.check()[:2], (0, ""))

    def test_dead_link_is_reported_with_its_line(self):
        self.write("README.md", "# Read me\n\nSee [this](docs/nothing.md).\n")
        self.assert_one("README.md:3: no such file: docs/nothing.md")

    def test_link_is_read_from_the_folder_of_its_file(self):
        self.write("docs/tutorial.md", "[ok](reference/cli.md) [ok](../docs/reference/cli.md#commands)\n")
        self.assertEqual(self.check()[0], 0)

    def test_dead_anchor_is_reported(self):
        self.write("README.md", "[there](docs/reference/cli.md#no-such-part)\n")
        self.assert_one("README.md:1: no such heading")

    def test_links_to_other_sites_and_in_code_are_left_alone(self):
        self.write("README.md", "[a](https://example.org/x) `[b](nothing.md)`\n\n```\n[c](nothing.md)\n```\n")
        self.assertEqual(self.check()[0], 0)

    def test_line_numbers_stay_right_below_code(self):
        self.write("README.md", "```\n[c](nothing.md)\n```\n[d](nothing.md)\n")
        self.assert_one("README.md:4:")

    def test_document_that_a_comment_names_must_exist(self):
        self.write("src/timing/a.cpp", "// See docs/reference/cli.md.\n// And docs/reference/gone.md.\n")
        self.assert_one("src/timing/a.cpp:2: no such document: docs/reference/gone.md")

    def test_flag_missing_in_the_reference_is_reported(self):
        self.write("docs/reference/cli.md", "`headway run -j --jobs`, `headway status`, `--version`\n")
        self.assert_one("docs/reference/cli.md:1", "--watch", "headway status")

    def test_longer_flag_does_not_document_a_shorter_one(self):
        self.write("docs/reference/cli.md", "`headway run -j --jobs`, `headway status --watch-all`, `--version`\n")
        self.assert_one("--watch of")

    def test_flag_missing_in_the_manual_is_reported(self):
        self.write("man/headway.1", ".B headway run status\n\\-j \\-\\-watch \\-\\-version\n")
        self.assert_one("man/headway.1:1", "--jobs")

    def test_command_missing_in_the_reference_is_reported(self):
        self.write("docs/reference/cli.md", "`headway run -j --jobs`, `--watch`, `--version`\n")
        self.assert_one("docs/reference/cli.md:1: command status")

    def test_key_of_the_schema_that_is_not_documented_is_reported(self):
        self.write("docs/reference/workflow-file.md", "# Keys\n`stages` only; run is not in code here.\n")
        self.assert_one("docs/reference/workflow-file.md:1: key run")

    def test_help_that_lists_nothing_is_an_error_not_a_success(self):
        self.write("headway", "#!/bin/sh\necho 'Usage: headway'\n")
        code, _, err = self.check()
        self.assertEqual(code, 2)
        self.assertIn("nothing would be checked", err)

    def test_help_that_fails_is_an_error(self):
        self.write("headway", "#!/bin/sh\nexit 3\n")
        self.assertEqual(self.check()[0], 2)

    def test_without_a_binary_it_says_what_was_not_checked(self):
        self.write("docs/reference/cli.md", "# Nothing\n")
        code, _, err = self.run_main(check_docs.main)
        self.assertEqual(code, 0)
        self.assertIn("were not checked", err)

    def test_schema_without_keys_is_an_error(self):
        self.write("schema/headway.schema.json", "{}")
        self.assertEqual(self.check()[0], 2)


if __name__ == "__main__":
    unittest.main()
