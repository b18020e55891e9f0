"""python3 -m wordtally FILE: the most frequent words of a file."""
import pathlib
import sys

from wordtally import tally
from wordtally.report import report

if len(sys.argv) != 2:
    sys.exit("usage: python3 -m wordtally FILE")
sys.stdout.write(report(tally(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))))
