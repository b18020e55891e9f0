"""report() ranks words; a file written from it reads back the same."""
import pathlib
import tempfile
import unittest

from wordtally import tally
from wordtally.report import report


class ReportTest(unittest.TestCase):
    def test_equal_counts_stand_in_alphabetical_order(self):
        self.assertEqual(report(tally("b a b a c")), "2 a\n2 b\n1 c\n")

    def test_limit_cuts_the_list(self):
        self.assertEqual(report(tally("a b c"), limit=1), "1 a\n")

    def test_written_report_reads_back_the_same(self):
        with tempfile.TemporaryDirectory(dir="build") as folder:
            path = pathlib.Path(folder, "report.txt")
            path.write_text(report(tally("x x")), encoding="utf-8")
            self.assertEqual(path.read_text(encoding="utf-8"), "2 x\n")


if __name__ == "__main__":
    unittest.main()
