"""Open a CSV file of unknown encoding and delimiter, and walk through its rows.

The file is read twice: once to learn its encoding (a byte that is no UTF-8 may stand in the last row),
once for the rows, which are never held all together.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from aftermile.connectors.files.problems import FileUnreadable, RowProblem

#: A row as it stands in the file: the line it begins on, and its cells.
Row = tuple[int, list[str]]

DELIMITERS = (",", ";", "\t", "|")
# A quoted cell may hold line breaks, but one that runs on for this long was never closed.
MAX_LINES_IN_A_ROW = 200
_CHUNK_BYTES = 1 << 20
_SAMPLE_CHARS = 1 << 16
_SAMPLE_ROWS = 50
_NOT_CSV = {
    b"PK\x03\x04": "an Excel or ZIP file",
    b"\xd0\xcf\x11\xe0": "an old Excel file",
    b"\x1f\x8b": "a gzip file",
    b"%PDF": "a PDF file",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What is read at most; a file beyond is refused with a plain message."""

    max_bytes: int = 1 << 30
    max_rows: int = 5_000_000
    max_columns: int = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A file whose encoding, delimiter and header are known."""

    name: str
    headers: tuple[str, ...]
    encoding: str
    delimiter: str
    notes: tuple[str, ...]  # what staff should know of how the file was read
    header_line: int
    open: Callable[[], BinaryIO]
    limits: Limits

    def rows(self) -> Iterator[Row | RowProblem]:
        """Walk through the rows below the header; blank ones are skipped, odd ones told.

        :raises FileUnreadable: more rows than the limit.
        """
        width, found = len(self.headers), 0
        for row in self._records():
            if isinstance(row, RowProblem):
                yield row
                continue
            line, cells = row
            if line <= self.header_line or not any(cells):
                continue
            found += 1
            if found > self.limits.max_rows:
                raise FileUnreadable(f"{self.name} has more than {self.limits.max_rows:,} rows: split it")
            if len(cells) > width and not any(cells[width:]):
                del cells[width:]
            if len(cells) == width:
                yield row
            else:
                reason = f"has {len(cells)} cells where the header has {width}"
                yield RowProblem(file=self.name, line=line, reason=reason)

    def _records(self) -> Iterator[Row | RowProblem]:
        with self.open() as stream, _as_text(stream, self.encoding) as text:
            lines = _Lines(text)
            reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
            while True:
                lines.begin_row()
                try:
                    cells = next(reader)
                except StopIteration:
                    return
                except csv.Error as error:
                    yield RowProblem(file=self.name, line=lines.row_line, reason=_in_plain_words(error))
                    lines.put_back_all_but_first()
                    continue
                yield lines.row_line, cells


def open_table(name: str, open_file: Callable[[], BinaryIO], limits: Limits | None = None) -> Table:
    """Learn a file's encoding, delimiter and header.

    `open_file` gives the file's bytes from the beginning each time it is called.

    :raises FileUnreadable: empty, no CSV, too large, or without a header.
    """
    limits = limits or Limits()
    encoding, notes = _learn_encoding(name, open_file, limits)
    with open_file() as stream, _as_text(stream, encoding) as text:
        sample = text.read(_SAMPLE_CHARS)
        if len(sample) == _SAMPLE_CHARS:
            sample = sample[: max(sample.rfind("\n"), sample.rfind("\r")) + 1] or sample
    sample = sample.replace("\0", "")
    declared = sample[4:5] if sample[:4].lower() == "sep=" else ""  # Excel's own first line
    delimiter = declared if declared in DELIMITERS and declared else _guess_delimiter(sample)
    reader = csv.reader(sample.splitlines(keepends=True), delimiter=delimiter)
    header_line = 0
    try:
        for cells in reader:
            started, header_line = header_line + 1, reader.line_num
            if any(cell.strip() for cell in cells) and not (declared and started == 1):
                headers, more_notes = _named(cells, name, limits)
                return Table(
                    name=name,
                    headers=headers,
                    encoding=encoding,
                    delimiter=delimiter,
                    notes=(*notes, *more_notes),
                    header_line=header_line,
                    open=open_file,
                    limits=limits,
                )
    except csv.Error as error:
        raise FileUnreadable(f"the header of {name} {_in_plain_words(error)}") from None
    raise FileUnreadable(f"{name} has no header row")


class _Lines:
    """The lines of a file, of which those of a broken row can be read once more."""

    def __init__(self, source: Iterator[str]) -> None:
        self._source = source
        self._put_back: deque[str] = deque()
        self._taken: list[str] = []
        self._count = 0
        self.row_line = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._put_back.popleft() if self._put_back else next(self._source)
        self._count += 1
        taken = self._taken
        taken.append(line)
        if len(taken) > MAX_LINES_IN_A_ROW:
            raise csv.Error("unexpected end of data")
        return line.replace("\0", "") if "\0" in line else line

    def begin_row(self) -> None:
        self._taken.clear()
        self.row_line = self._count + 1

    def put_back_all_but_first(self) -> None:
        """Give the lines after a broken row's first another chance: most likely they are rows."""
        again = self._taken[1:]
        self._put_back.extendleft(reversed(again))
        self._count -= len(again)


def _as_text(stream: BinaryIO, encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="")


def _learn_encoding(
    name: str, open_file: Callable[[], BinaryIO], limits: Limits
) -> tuple[str, tuple[str, ...]]:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with open_file() as stream:
        chunk = stream.read(_CHUNK_BYTES)
        if not chunk.strip():
            raise FileUnreadable(f"{name} is empty")
        for magic, what in _NOT_CSV.items():
            if chunk.startswith(magic):
                raise FileUnreadable(f"{name} is {what}, not CSV: save or unpack it as CSV first")
        utf_16 = _utf_16(chunk[:4096])
        size, is_utf_8 = 0, not utf_16
        while chunk:
            size += len(chunk)
            if size > limits.max_bytes:
                raise FileUnreadable(f"{name} is larger than {limits.max_bytes:,} bytes: split it")
            if len(chunk) == _CHUNK_BYTES and b"\n" not in chunk and b"\r" not in chunk:
                raise FileUnreadable(f"{name} has a line longer than {_CHUNK_BYTES:,} bytes: it is no CSV")
            if is_utf_8:
                is_utf_8 = _decodes(decoder, chunk)
            chunk = stream.read(_CHUNK_BYTES)
        if is_utf_8 and _decodes(decoder, b"", final=True):
            return "utf-8-sig", ()
    if utf_16:
        return utf_16, ()
    return "cp1252", ("The file is not UTF-8; it was read as Windows-1252. Check names with accents.",)


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _utf_16(head: bytes) -> str:
    """Name the UTF-16 a file begins with, by its mark or by the zero in every other byte; "" if none."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    for encoding, zeros, letters in (
        ("utf-16-le", head[1::2], head[::2]),
        ("utf-16-be", head[::2], head[1::2]),
    ):
        if zeros.count(0) * 2 > len(zeros) and letters.count(0) * 10 < len(letters):
            return encoding
    return ""


def _guess_delimiter(sample: str) -> str:
    """Return the delimiter under which most rows have as many cells as the header, more cells first."""

    def fit(delimiter: str) -> tuple[float, int]:
        widths = []
        try:
            for cells in csv.reader(sample.splitlines(keepends=True), delimiter=delimiter):
                if any(cells):
                    widths.append(len(cells))
                if len(widths) == _SAMPLE_ROWS:
                    break
        except csv.Error:
            return 0.0, 0
        if not widths or widths[0] < 2:
            return 0.0, 0
        return round(Counter(widths)[widths[0]] / len(widths), 1), widths[0]

    return max(DELIMITERS, key=fit)


def _named(cells: list[str], name: str, limits: Limits) -> tuple[tuple[str, ...], tuple[str, ...]]:
    while len(cells) > 1 and not cells[-1].strip():
        cells = cells[:-1]
    if len(cells) > limits.max_columns:
        raise FileUnreadable(f"{name} has {len(cells)} columns, more than {limits.max_columns}")
    headers: list[str] = []
    notes = []
    for position, cell in enumerate(cells, start=1):
        plain = " ".join(cell.replace("\ufeff", "").split()) or f"column {position}"
        unique, times = plain, 1
        while unique in headers:
            times += 1
            unique = f"{plain} ({times})"
        if times > 1:
            notes.append(
                f"The column {plain!r} stands there more than once; one of them is called {unique!r}."
            )
        headers.append(unique)
    return tuple(headers), tuple(notes)


def _in_plain_words(error: csv.Error) -> str:
    wording = str(error)
    if "unexpected end of data" in wording:
        return "has a quotation mark that is never closed"
    if "expected after" in wording:
        return "has something between a closing quotation mark and the next delimiter"
    if "field larger" in wording:
        return f"has a cell longer than {csv.field_size_limit():,} characters"
    return f"cannot be read: {wording}"
