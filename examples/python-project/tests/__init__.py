"""Tests of wordtally."""
