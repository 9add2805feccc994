"""What a shop may choose, what is refused in words, and the way back."""

from __future__ import annotations

from typing import Any

import pytest

from aftermile.capabilities.brands.models import Brand
from aftermile.capabilities.brands.public import (
    BrandUnreadable,
    BrandView,
    Font,
    FooterLink,
    NothingToRestore,
    PageTexts,
    Support,
    Tone,
    brand,
    change_brand,
    restore_brand,
    texts_in,
    theme,
)
from aftermile.kernel.languages import LANGUAGES
from tests.capabilities.shop import counted, later, log, log_types, scope
from tests.conftest import NOON

pytestmark = pytest.mark.django_db

BY = "staff:usr_test"


def change(merchant: Any, **choices: Any) -> BrandView:
    with scope(merchant):
        return change_brand(by=BY, at=NOON, **choices)


def shown(merchant: Any) -> BrandView:
    with scope(merchant):
        return brand()


def test_a_shop_that_chose_nothing_looks_good_all_the_same(merchant: Any) -> None:
    found = shown(merchant)
    assert found == BrandView()
    assert found.languages == tuple(LANGUAGES)
    assert not found.support
    assert theme(found).light.accent == "#1f5f4a"


def test_reading_it_is_one_query_and_knows_no_pictures(in_scope: Any) -> None:
    change_brand(by=BY, at=NOON, accent="#336699")
    with counted() as queries:
        brand()
    assert len(queries) == 1
    assert "brands_logo" not in queries.captured_queries[0]["sql"]


def test_what_is_chosen_is_kept(merchant: Any) -> None:
    found = change(
        merchant,
        accent="#ABC",
        radius_px=0,
        font="didone",
        tone="formal",
        logo_alt="Lindgren's bird",
        footer_links=[
            {"label": "Privacy", "url": "https://lindgren.example/privacy"},
            {"label": "", "url": " "},
        ],
        support_name="Astrid",
        support_email="care@lindgren.example",
        support_phone="+49 30 123 456",
        support_url="https://lindgren.example/help",
        support_hours="Mon-Fri 9-17",
        support_address=" Lindgren\u202e GmbH\t \r\n\r\nAm Beispiel 1 \r\n12345  Berlin\x00\n",
        texts={"de": {"intro": "Hallo\r\nda", "help": ""}, "fr": {"intro": " ", "help": ""}},
        languages=["fr", "de"],
    )
    assert found == shown(merchant)
    assert (found.accent, found.radius_px, found.font, found.tone) == ("#aabbcc", 0, Font.DIDONE, Tone.FORMAL)
    assert found.footer_links == (FooterLink("Privacy", "https://lindgren.example/privacy"),)
    assert found.support == Support(
        "Astrid",
        "care@lindgren.example",
        "+49 30 123 456",
        "https://lindgren.example/help",
        "Mon-Fri 9-17",
        "Lindgren GmbH\nAm Beispiel 1\n12345 Berlin",
    )
    assert found.support.address_lines == ("Lindgren GmbH", "Am Beispiel 1", "12345 Berlin")
    assert found.languages == ("de", "fr")
    assert dict(found.texts) == {"de": PageTexts("Hallo\nda", "")}
    assert texts_in(found, "de-AT") == PageTexts("Hallo\nda", "")
    assert texts_in(found, "ja") == PageTexts()


def test_what_is_not_given_stays(merchant: Any) -> None:
    change(merchant, accent="#336699", support_name="Astrid")
    found = change(merchant, tone="warm")
    assert (found.accent, found.support.name, found.tone) == ("#336699", "Astrid", Tone.WARM)


def test_one_event_names_what_changed(merchant: Any) -> None:
    change(merchant, accent="#336699", tone="warm", radius_px=14)
    assert log_types(merchant) == ["brand.changed"]
    assert log(merchant)[0].changed == ("accent", "tone")


def test_the_same_again_changes_nothing(merchant: Any) -> None:
    first = change(merchant, accent="#336699")
    with scope(merchant):
        again = change_brand(by=BY, at=later(hours=1), accent="#336699")
    assert again == first
    assert log_types(merchant) == ["brand.changed"]


def test_all_languages_is_what_holds_for_who_never_chose(merchant: Any) -> None:
    assert change(merchant, languages=list(LANGUAGES)).languages == tuple(LANGUAGES)
    assert log_types(merchant) == []


@pytest.mark.parametrize(
    ("choices", "places"),
    [
        ({"accent": "green"}, ["accent"]),
        ({"accent": "#fff;}body{display:none"}, ["accent"]),
        ({"radius_px": 25}, ["radius_px"]),
        ({"radius_px": -1}, ["radius_px"]),
        ({"font": "Comic Sans"}, ["font"]),
        ({"tone": "rude"}, ["tone"]),
        ({"logo_alt": "x" * 121}, ["logo_alt"]),
        ({"support_email": "care at lindgren"}, ["support_email"]),
        ({"support_phone": "call us"}, ["support_phone"]),
        ({"support_url": "http://lindgren.example"}, ["support_url"]),
        ({"support_address": "\n".join("1234567")}, ["support_address"]),
        ({"support_address": "x" * 301}, ["support_address"]),
        ({"languages": ["de", "xx"]}, ["languages"]),
        ({"texts": {"xx": {"intro": "a"}, "de": {"help": "x" * 1001}}}, ["texts.xx", "texts.de.help"]),
        (
            {
                "footer_links": [
                    {"label": "", "url": "https://a.example"},
                    {"label": "B", "url": "javascript:alert(1)"},
                ]
            },
            ["footer_links.0.label", "footer_links.1.url"],
        ),
        ({"footer_links": [{"label": "A", "url": "https://a.example"}] * 7}, ["footer_links"]),
        ({"accent": "green", "tone": "rude"}, ["accent", "tone"]),
    ],
)
def test_what_cannot_be_used_is_said_field_by_field_and_changes_nothing(
    merchant: Any, choices: dict[str, Any], places: list[str]
) -> None:
    with pytest.raises(BrandUnreadable) as refused:
        change(merchant, logo_alt="", **choices) if "logo_alt" not in choices else change(merchant, **choices)
    assert list(refused.value.details) == places
    assert shown(merchant) == BrandView()


@pytest.mark.parametrize(
    "url",
    [
        "http://a.example",
        "//a.example",
        "https://",
        "https://user:pass@a.example",
        "https://a.example/ b",
        'https://a.example/"onclick=',
        "https://a.example/" + "x" * 500,
        "data:text/html,hi",
        "https://[::1",
    ],
)
def test_a_link_is_a_whole_safe_address(merchant: Any, url: str) -> None:
    with pytest.raises(BrandUnreadable):
        change(merchant, footer_links=[{"label": "A", "url": url}])


def test_signs_that_hide_or_turn_words_are_left_out(merchant: Any) -> None:
    assert change(merchant, support_name="\u202eevil\u200b\x00").support.name == "evil"


def test_the_last_change_can_be_taken_back_and_made_anew(merchant: Any) -> None:
    change(merchant, accent="#336699")
    change(merchant, accent="#993366", tone="warm")
    with scope(merchant):
        back = restore_brand(by=BY, at=later(minutes=1))
        assert (back.accent, back.tone, back.can_restore) == ("#336699", Tone.PLAIN, True)
        anew = restore_brand(by=BY, at=later(minutes=2))
    assert (anew.accent, anew.tone) == ("#993366", Tone.WARM)


def test_a_change_remembered_before_there_were_addresses_leaves_the_address(merchant: Any) -> None:
    change(merchant, accent="#336699", support_address="1 Quay")
    with scope(merchant):
        row = Brand.rows().get()
        row.previous = {name: value for name, value in row.previous.items() if name != "support_address"}
        row.save()
        back = restore_brand(by=BY, at=later(minutes=1))
        assert (back.accent, back.support.address) == (BrandView().accent, "1 Quay")
        anew = restore_brand(by=BY, at=later(minutes=2))
    assert (anew.accent, anew.support.address) == ("#336699", "1 Quay")


def test_there_is_nothing_before_the_first_change(merchant: Any) -> None:
    with scope(merchant), pytest.raises(NothingToRestore):
        restore_brand(by=BY, at=NOON)


def test_another_shop_sees_nothing_of_it(merchant: Any, other_merchant: Any) -> None:
    change(merchant, accent="#336699")
    assert shown(other_merchant) == BrandView()
