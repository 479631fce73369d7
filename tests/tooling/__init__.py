"""Tests of the tree itself: names, sizes, twins, what may be committed."""
