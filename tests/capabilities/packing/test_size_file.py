"""Files of sizes: what spreadsheets write, and what people do."""

from __future__ import annotations

import pytest

from aftermile.capabilities.packing.public import SizeGiven, read_size_file
from aftermile.capabilities.packing.size_file import SizeFileUnreadable


def test_a_table_is_read_whatever_parts_its_columns() -> None:
    text = "SKU;length_mm;width_mm;height_mm;fragile\nMUG;120;90;95;yes\n\nPOT;200;200;150;\n"
    read = read_size_file(text.encode("utf-8-sig"))

    assert read.sizes == (
        SizeGiven(sku="MUG", length_mm=120, width_mm=90, height_mm=95, fragile=True),
        SizeGiven(sku="POT", length_mm=200, width_mm=200, height_mm=150),
    )
    assert read.problems == ()


def test_a_row_that_cannot_be_read_costs_only_itself() -> None:
    text = (
        "sku,length_mm,width_mm,height_mm,weight_grams,fragile\n"
        "A,1.5,1,1,,\nB,-1,1,1,,\nC,0,1,1,,\nD,1,1,1,2,perhaps\nE,1,1,1,2,no\n,1,1,1,,\n"
    )
    read = read_size_file(text.encode())

    assert [size.sku for size in read.sizes] == ["E"]
    assert read.problems == (
        (2, "length_mm must be a whole number, not “1.5”."),
        (3, "length_mm must be a whole number, not “-1”."),
        (4, "C: length_mm must be 1 to 20000 millimeters."),
        (5, "fragile must be yes or no, not “perhaps”."),
        (7, "size: sku must be 1 to 200 characters."),
    )


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"a,b\n1,2\n", b"sku,length_mm,width_mm\nA,1,1\n"])
def test_what_is_no_table_of_sizes_is_refused(content: bytes) -> None:
    with pytest.raises(SizeFileUnreadable):
        read_size_file(content)
