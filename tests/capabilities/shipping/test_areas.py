"""Areas as tables name them, and which of them means a place most narrowly."""

from __future__ import annotations

import pytest

from aftermile.capabilities.shipping.areas import Area, Place, narrowest


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("de", "DE"),
        ("DEU", "DE"),
        ("us-ca", "US-CA"),
        ("DE 80*", "DE 80"),
        ("GB SW1A 1", "GB SW1A1"),
        (" * ", "*"),
    ],
)
def test_it_reads_what_people_write(written: str, kept: str) -> None:
    assert Area.read(written).written == kept
    assert Area.read(kept).written == kept


@pytest.mark.parametrize("written", ["", "Germany", "XX", "QQ 12", "US-CA 90", "80331", "D E"])
def test_what_is_none_is_said(written: str) -> None:
    with pytest.raises(ValueError, match=r"area|postcode"):
        Area.read(written)


def test_the_narrower_counts_for_more() -> None:
    munich = Place(country="DE", region="by", postal_code="80 331")
    fits = [
        Area.read(each).fit(munich) for each in ("*", "DE", "DE-BY", "DE 8", "DE 803", "DE 9", "AT", "DE-BE")
    ]
    assert fits == [0, 1, 2, 4, 6, None, None, None]
    assert narrowest((Area.read("DE"), Area.read("DE 80")), munich) == 5


def test_of_a_place_without_a_postcode_no_postcode_is_guessed() -> None:
    assert Area.read("DE 80").fit(Place(country="DE")) is None
    assert Area.read("DE-BY").fit(Place(country="DE")) is None
