#!/usr/bin/env python3
"""check_acceptance.py must report each row that is missing, said twice, empty, or names a test that there is not."""
import unittest

from tree import TreeTest

import check_acceptance


class CheckAcceptanceTest(TreeTest):
    def setUp(self):
        super().setUp()
        self.write("tests/unit/x_test.cpp", "TEST(Lane, is_there) {}\nTEST_F(Hook,\n       refuses) {}\nTEST_P(Kind, runs) {}\n")
        self.rows = {row: "`Lane.is_there`" for row in check_acceptance.ROWS}

    def check(self, more=""):
        lines = [f"| {row} | it holds | {shown} |" for row, shown in self.rows.items()]
        self.write("docs/acceptance.md", "# Acceptance\n\n| # | what | shown by |\n|---|---|---|\n" + "\n".join(lines) + more)
        return self.run_main(check_acceptance.main)

    def assert_one(self, *parts, more=""):
        code, out, err = self.check(more)
        self.assertEqual((code, out.count("\n")), (1, 1), out + err)
        for part in parts:
            self.assertIn(part, out)

    def test_rows_with_tests_that_exist_have_no_problem(self):
        self.rows["U2"] = "`Hook.refuses`, `Kind.runs`"
        self.rows["D1"] = "`Lane.is_there`; not yet: the other half"
        self.rows["I47"] = "not yet: `lanes`"
        code, out, err = self.check()
        self.assertEqual((code, out), (0, ""))
        self.assertIn("100 of 102 rows are met", err)

    def test_a_test_that_is_not_there_is_told(self):
        self.rows["I9"] = "`Lane.is_there`, `Lane.was_renamed`"
        self.assert_one("I9 no such test: Lane.was_renamed")

    def test_a_row_that_is_missing_is_told(self):
        del self.rows["U19"]
        self.assert_one("U19 has no row")

    def test_a_row_that_stands_twice_is_told(self):
        self.assert_one("U1 stands in line 5 already", more="\n| U1 | again | `Lane.is_there` |\n")

    def test_a_row_that_nobody_knows_is_told(self):
        self.assert_one("X1 is no known row", more="\n| X1 | new | `Lane.is_there` |\n")

    def test_a_row_without_a_test_must_say_what_is_missing(self):
        self.rows["D3"] = "not yet:"
        self.assert_one("D3 names no test")

    def test_other_words_are_not_taken_for_a_test(self):
        self.rows["D3"] = "`Lane.is_there` and more"
        self.assert_one("D3 not understood: andmore")

    def test_without_any_test_the_check_itself_fails(self):
        self.write("tests/unit/x_test.cpp", "")
        self.assertEqual(self.check()[0], 2)


if __name__ == "__main__":
    unittest.main()
