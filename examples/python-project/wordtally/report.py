"""Writes counts for people."""


def report(counts, limit=10):
    """The most frequent words, one a line; equal counts in alphabetical order."""
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return "".join(f"{count} {word}\n" for word, count in ranked[:limit])
