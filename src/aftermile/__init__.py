"""Aftermile looks after a shop's customers from the click on "buy" until they buy again."""

__version__ = "0.1.0"
