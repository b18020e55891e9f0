"""Counts words."""
from collections import Counter


def tally(text):
    """How often each word of the text occurs; words are what white space parts."""
    return Counter(text.split())
