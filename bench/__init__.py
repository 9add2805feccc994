"""Benchmarks: each prints its figures as ratios taken in one run against a named limit."""
