"""Sizes from a table: a CSV file as spreadsheets write it, read row by row with what is wrong in each."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from aftermile.capabilities.packing.measures import SizeGiven, SizeUnusable, read_size
from aftermile.kernel.errors import Invalid

MOST_ROWS = 20_000
COLUMNS = ("sku", "length_mm", "width_mm", "height_mm", "weight_grams", "this_way_up", "fragile")
_NEEDED = COLUMNS[:4]
_YES = {"1", "yes", "y", "true", "x"}
_NO = {"", "0", "no", "n", "false"}


class SizeFileUnreadable(Invalid):
    """A file of sizes is no table, lacks a column, or is too long."""

    code = "size_file_unreadable"
    message = f"The file is no table of sizes. Its first line names the columns: {', '.join(COLUMNS)}."


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeFile:
    """What a file holds: sizes, and by line what could not be read."""

    sizes: tuple[SizeGiven, ...]
    problems: tuple[tuple[int, str], ...]


def read_size_file(content: bytes) -> SizeFile:
    """Read a table of sizes; a row that cannot be read costs only itself.

    :raises SizeFileUnreadable: no text, no such columns, or too many rows.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SizeFileUnreadable(
            "The file is no text in UTF-8. Save it as “CSV UTF-8” and send it again."
        ) from None
    if "\x00" in text:
        raise SizeFileUnreadable
    head = text.partition("\n")[0]
    rows = csv.DictReader(
        io.StringIO(text, newline=""), delimiter=";" if head.count(";") > head.count(",") else ","
    )
    rows.fieldnames = [name.strip().lower() for name in rows.fieldnames or ()]
    missing = [name for name in _NEEDED if name not in rows.fieldnames]
    if missing:
        raise SizeFileUnreadable(
            f"The first line lacks {', '.join(missing)}. It names the columns: {', '.join(COLUMNS)}."
        )
    read: list[SizeGiven] = []
    problems: list[tuple[int, str]] = []
    try:
        for row in rows:
            if len(read) + len(problems) >= MOST_ROWS:
                raise SizeFileUnreadable(f"The file has more than {MOST_ROWS} rows; send it in parts.")
            given = {name: (row.get(name) or "").strip() for name in COLUMNS}
            if not any(given.values()):
                continue
            try:
                read.append(read_size(_size(given)))
            except (SizeUnusable, ValueError) as problem:
                said = problem.message if isinstance(problem, SizeUnusable) else str(problem)
                problems.append((rows.line_num, said))
    except csv.Error as problem:
        raise SizeFileUnreadable(f"Line {rows.line_num} is no line of a table: {problem}.") from None
    return SizeFile(sizes=tuple(read), problems=tuple(problems))


def _size(given: dict[str, str]) -> SizeGiven:
    return SizeGiven(
        sku=given["sku"],
        length_mm=_whole(given, "length_mm"),
        width_mm=_whole(given, "width_mm"),
        height_mm=_whole(given, "height_mm"),
        weight_grams=_whole(given, "weight_grams") if given["weight_grams"] else None,
        this_way_up=_answer(given, "this_way_up"),
        fragile=_answer(given, "fragile"),
    )


def _whole(given: dict[str, str], name: str) -> int:
    """Read a whole number.

    :raises ValueError: it is none; the message is for whoever wrote the file.
    """
    text = given[name]
    if not (text.isascii() and text.isdecimal() and len(text) <= 9):
        raise ValueError(f"{name} must be a whole number, not “{text[:20]}”.")
    return int(text)


def _answer(given: dict[str, str], name: str) -> bool:
    text = given[name].casefold()
    if text not in _YES | _NO:
        raise ValueError(f"{name} must be yes or no, not “{text[:20]}”.")
    return text in _YES
