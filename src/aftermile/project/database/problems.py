"""What an operator has to put right before the database can run."""

from __future__ import annotations


class DatabaseProblem(Exception):
    """The database cannot be started, reached, saved or restored; the message says what to do."""


class DatabaseInUse(DatabaseProblem):
    """Another process runs the database of this data folder."""
