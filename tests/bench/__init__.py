"""Measurements, each with a named baseline of the same run; they are no tests."""
