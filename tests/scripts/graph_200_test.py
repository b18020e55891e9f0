#!/usr/bin/env python3
"""examples/graph-200/headway.yaml is what its generator prints, and has 200 stages."""
import subprocess
import sys
import unittest

from tree import ROOT

FOLDER = ROOT / "examples/graph-200"


class Graph200Test(unittest.TestCase):
    def test_committed_file_is_what_the_generator_prints(self):
        made = subprocess.run([sys.executable, FOLDER / "make_graph.py"], capture_output=True, text=True, check=True)
        self.assertEqual((FOLDER / "headway.yaml").read_text(), made.stdout)

    def test_it_has_200_stages(self):
        text = (FOLDER / "headway.yaml").read_text()
        self.assertEqual(text.count("\n    run: "), 200)


if __name__ == "__main__":
    unittest.main()
