from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aftermile.connectors.files.problems import FileUnreadable, RowProblem
from aftermile.connectors.files.table import DELIMITERS, MAX_LINES_IN_A_ROW, Limits
from tests.connectors.files.sources import table


def problem(line: int, reason: str) -> RowProblem:
    return RowProblem(file="shop.csv", line=line, reason=reason)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_unicode_a_spreadsheet_writes_is_read_without_asking(encoding: str) -> None:
    found = table("Straße;Größe\nAm Döbel 3;38½\n".encode(encoding))
    assert (found.headers, list(found.rows()), found.notes) == (
        ("Straße", "Größe"),
        [(2, ["Am Döbel 3", "38½"])],
        (),
    )


def test_what_is_no_unicode_is_read_as_windows_1252_and_said_so() -> None:
    rows = "".join(f"{number},plain\n" for number in range(200_000))
    found = table(f"id,name\n{rows}9,José €5\n".encode("cp1252"))

    assert list(found.rows())[-1] == (200_002, ["9", "José €5"])
    assert (found.encoding, len(found.notes)) == ("cp1252", 1)


@pytest.mark.parametrize("delimiter", DELIMITERS)
def test_the_delimiter_is_the_one_under_which_rows_are_as_wide_as_the_header(delimiter: str) -> None:
    others = "".join(other for other in DELIMITERS if other != delimiter)
    lines = [["order", "note"], ["1", f"red{others}blue"], ["2", "a"]]
    found = table("\n".join(delimiter.join(f'"{cell}"' for cell in line) for line in lines))

    assert (found.delimiter, [cells for _, cells in found.rows()]) == (delimiter, lines[1:])  # type: ignore[misc]


def test_decimal_commas_do_not_pass_for_delimiters() -> None:
    found = table("order;total;tax\n1;19,90;3,18\n2;5,00;0,80\n")
    assert (found.delimiter, found.headers) == (";", ("order", "total", "tax"))


def test_excels_own_first_line_declares_the_delimiter() -> None:
    found = table("sep=|\norder|note, really\n1|x\n")
    assert (found.headers, list(found.rows())) == (("order", "note, really"), [(3, ["1", "x"])])


def test_a_row_has_the_line_it_begins_on_however_many_its_cells_take() -> None:
    found = table('id,note\r\n1,"two\r\nlines"\r\n\r\n2,"a ""quote"""\r\n,,\r\n3,x')
    assert list(found.rows()) == [
        (2, ["1", "two\r\nlines"]),
        (5, ["2", 'a "quote"']),
        (7, ["3", "x"]),
    ]


def test_a_ragged_row_is_told_and_stops_no_other() -> None:
    found = table("a,b\n1,2\n3\n4,5,6\n7,8,,\n9,10\n")
    assert list(found.rows()) == [
        (2, ["1", "2"]),
        problem(3, "has 1 cells where the header has 2"),
        problem(4, "has 3 cells where the header has 2"),
        (5, ["7", "8"]),
        (6, ["9", "10"]),
    ]


@pytest.mark.parametrize("following", ["2,x\n3,y\n", '2,"x"\n3,y\n', '2,x\n3,"y, z"\n'])
def test_a_quotation_mark_that_is_never_closed_costs_only_its_row(following: str) -> None:
    found = list(table(f'id,note\n1,"never closed\n{following}').rows())
    wanted = [(line + 3, cells) for line, cells in enumerate(csv.reader(following.splitlines()))]

    assert isinstance(found[0], RowProblem)
    assert (found[0].line, found[1:]) == (2, wanted)


def test_nor_does_it_cost_the_rows_of_a_long_file() -> None:
    rows = [f"{number},x" for number in range(3 * MAX_LINES_IN_A_ROW)]
    found = list(table('id,note\n0,"never closed\n' + "\n".join(rows)).rows())

    assert found[0] == problem(2, "has a quotation mark that is never closed")
    assert found[1:] == [(line + 3, row.split(",")) for line, row in enumerate(rows)]


def test_an_endless_cell_is_told_and_stops_no_other() -> None:
    found = list(table(f"id,note\n1,{'x' * 200_000}\n2,y\n").rows())
    assert found == [problem(2, "has a cell longer than 131,072 characters"), (3, ["2", "y"])]


def test_nul_bytes_are_dropped() -> None:
    assert list(table(b"id,note\n1,a\0b\n").rows()) == [(2, ["1", "ab"])]


def test_headers_are_trimmed_named_and_told_apart() -> None:
    found = table(" Order  ID ,,Total,Total,\n1,2,3,4,\n")
    assert found.headers == ("Order ID", "column 2", "Total", "Total (2)")
    assert list(found.rows()) == [(2, ["1", "2", "3", "4"])]
    assert len(found.notes) == 1


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b" \r\n\r\n", "empty"),
        (b"\xef\xbb\xbf\n,,\n", "no header"),
        (b"PK\x03\x04rest", "Excel"),
        (b"\x1f\x8brest", "gzip"),
        (b"a" * (1 << 21), "line longer"),
    ],
)
def test_what_is_no_csv_is_refused_with_the_reason(content: bytes, says: str) -> None:
    with pytest.raises(FileUnreadable, match=says):
        table(content)


def test_what_is_too_large_is_refused_with_the_limit() -> None:
    with pytest.raises(FileUnreadable, match="larger than 10 bytes"):
        table("id,note\n1,2\n", limits=Limits(max_bytes=10))
    with pytest.raises(FileUnreadable, match="more than 1"):
        table("id,note\n1,2\n", limits=Limits(max_columns=1))
    with pytest.raises(FileUnreadable, match="more than 2 rows"):
        list(table("id\n1\n2\n3\n", limits=Limits(max_rows=2)).rows())


_CELLS = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0\ufeff"), max_size=8)


@settings(max_examples=200)
@given(st.sampled_from(DELIMITERS), st.lists(st.tuples(_CELLS, _CELLS, _CELLS), max_size=20))
def test_what_a_csv_writer_wrote_is_read_back(delimiter: str, rows: list[tuple[str, ...]]) -> None:
    written = io.StringIO()
    writer = csv.writer(written, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerows([["first", "second", "third"], *rows])

    found = [row for row in table(written.getvalue()).rows() if not isinstance(row, RowProblem)]

    assert [tuple(cells) for _, cells in found] == [row for row in rows if any(row)]


@settings(max_examples=200)
@given(st.binary(max_size=300))
def test_any_bytes_are_rows_problems_or_refused(content: bytes) -> None:
    try:
        found = table(b"a,b\n" + content)
    except FileUnreadable:
        return
    for row in found.rows():
        assert isinstance(row, RowProblem) or len(row[1]) == len(found.headers)
