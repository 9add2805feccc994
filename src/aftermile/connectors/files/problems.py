"""What can be wrong with a file, and with a row of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RowProblem:
    """A row that was not taken, and why. `line` is the line of the file on which the row begins."""

    file: str
    line: int
    reason: str
    column: str = ""


class FileUnreadable(ValueError):
    """A file no row can be read from. The message is shown to staff: say what is wrong with it."""


class CellUnreadable(ValueError):
    """A cell that is not what its column should hold. The message is shown to staff."""
