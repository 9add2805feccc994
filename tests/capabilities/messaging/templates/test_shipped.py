"""The shipped set: every touchpoint in every language passes the linter, whole and bare, and stays small."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aftermile.capabilities.messaging.templates.linting import problems_of
from aftermile.capabilities.messaging.templates.rendering import render
from aftermile.capabilities.messaging.templates.samples import bare, full
from aftermile.capabilities.messaging.templates.shipped import (
    TOUCHPOINTS,
    TouchpointUnknown,
    needs_order,
    purpose_of,
    shipped,
    shipped_short,
    shipped_source,
)
from aftermile.kernel.languages import LANGUAGES

ASKED_FOR = {
    "confirmation",
    "founders_note",
    "dispatched",
    "in_transit",
    "out_for_delivery",
    "arriving_soon",
    "delivered",
    "available_for_pickup",
    "attempt_failed",
    "delayed",
    "problem",
    "split_digest",
    "care_tips",
    "set_up_guide",
    "check_in",
    "review_request",
    "survey",
    "birthday",
    "anniversary",
    "seasonal",
    "early_access",
    "win_back",
    "replenishment",
    "returning",
}


def test_there_is_a_letter_for_every_touchpoint() -> None:
    assert set(TOUCHPOINTS) == ASKED_FOR
    with pytest.raises(TouchpointUnknown):
        shipped_source("nonsense", "en")


@pytest.mark.parametrize("touchpoint", sorted(ASKED_FOR))
def test_each_passes_the_linter(touchpoint: str) -> None:
    """In English, and in the languages that differ most from it: the others differ in their words only."""
    for language in ("en", "ar", "ja"):
        found = problems_of(
            shipped_source(touchpoint, language),
            language=language,
            purpose=purpose_of(touchpoint),
            has_order=needs_order(touchpoint),
        )
        assert found == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_is_small_and_whole_in_every_language(language: str) -> None:
    for touchpoint in TOUCHPOINTS:
        compiled = shipped(touchpoint, language)
        for values in (full(), bare(full(), has_order=True)):
            said = render(compiled, values)
            assert len(said.html.encode()) < 30_000
            assert said.subject.strip(": ")
            for part in (said.subject, said.html, said.text):
                assert "{{" not in part
                assert "{%" not in part
                assert "[[" not in part
            assert f'lang="{language}"' in said.html
            assert "\n\n\n" not in said.text


def test_bad_news_is_told_first_and_nothing_cheerful_stands_beside_it() -> None:
    for touchpoint in ("delayed", "problem", "attempt_failed", "returning"):
        said = render(shipped(touchpoint, "en"), full())
        assert "notice" in said.html
        assert purpose_of(touchpoint) == "transactional"
        for cheer in ("You might like these", "Your points", "off your next order", "!"):
            assert cheer not in said.text
        assert "hello@shop.example" in said.text


def test_the_shops_postal_address_stands_at_the_foot_and_is_nothing_but_text() -> None:
    lines = ("<script>alert(1)</script>", "{{ shop.name }} #import $x$", "x" * 300, "شارع 5")
    values = full()
    values = replace(values, shop=replace(values.shop, name="Fjell", postal_address=lines))
    said = render(shipped("win_back", "en"), values)
    foot = said.html[said.html.index("Unsubscribe") :]
    shown = ["&lt;script&gt;alert(1)&lt;/script&gt;", *lines[1:]]
    assert f"Fjell{''.join(f'<br><bdi>{line}</bdi>' for line in shown)}</div>" in foot
    assert said.text.split("\n--\n")[1].splitlines()[:5] == ["Fjell", *lines]


def test_between_arabic_words_each_line_of_an_address_keeps_its_direction() -> None:
    said = render(shipped("win_back", "ar"), full())
    assert "<br><bdi>Beispielweg 12</bdi>" in said.html
    assert "\n\u2068Beispielweg 12\u2069\n" in said.text


def test_without_a_postal_address_the_foot_ends_with_the_name() -> None:
    said = render(shipped("win_back", "en"), bare(full()))
    assert "Fjell &amp; Field</div>" in said.html
    assert said.text.rstrip().endswith("--\nFjell & Field")


def test_a_merchant_can_read_and_change_what_is_shipped() -> None:
    source = shipped_source("confirmation", "de-AT")
    assert "Danke. Ihre Bestellung ist bei uns." in source.body
    assert "{% block items %}" in source.body
    assert source.subject == "Wir haben Ihre Bestellung {{ order.number }}"
    assert "<" not in source.text


def test_a_short_message_is_short() -> None:
    for language in LANGUAGES:
        for touchpoint in TOUCHPOINTS:
            source = shipped_short(touchpoint, language)
            assert (
                problems_of(
                    source, language=language, purpose="transactional", has_order=needs_order(touchpoint)
                )
                == []
            )
            assert len(source.text) < 220


def test_a_language_we_do_not_speak_is_answered_in_english() -> None:
    assert shipped_source("delivered", "tlh") == shipped_source("delivered", "en")
