"""tally() counts words."""
import unittest

from wordtally import tally


class TallyTest(unittest.TestCase):
    def test_empty_text_has_no_words(self):
        self.assertEqual(tally(""), {})

    def test_words_are_counted_across_lines(self):
        self.assertEqual(tally("one two\n two"), {"one": 1, "two": 2})


if __name__ == "__main__":
    unittest.main()
