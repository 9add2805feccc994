"""Pieces of ours on a shop's own site."""
