"""Every sentence of the letters has a translation in every language, with the same gaps."""

from __future__ import annotations

import re
from importlib import resources
from typing import Any

import pytest
from babel.messages.pofile import read_po

from aftermile.capabilities.messaging.templates.phrases import GAPS, PHRASES
from aftermile.kernel.languages import LANGUAGES
from tests.phrases import GAP, Phrase, phrases_of

PACKAGE = "aftermile.capabilities.messaging.templates"
SAID = phrases_of(PACKAGE)
TRANSLATED = [code for code in LANGUAGES if code != "en"]


def catalog_of(code: str) -> Any:
    with resources.files(PACKAGE).joinpath("locale", f"{code}.po").open("rb") as source:
        return read_po(source, locale=code, abort_invalid=True)


def test_all_languages_are_there() -> None:
    assert PHRASES.languages == tuple(LANGUAGES)
    assert len(SAID) == 164


def test_every_gap_is_filled_by_a_value() -> None:
    gaps = {gap for phrase in SAID for gap in GAP.findall(phrase.one)}
    assert gaps - set(GAPS) == set()


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_sentence_is_translated_and_none_is_left_over(code: str) -> None:
    known = {Phrase(message.id) for message in catalog_of(code) if message.id}
    assert SAID.keys() - known == set()
    assert known - SAID.keys() == set()


@pytest.mark.parametrize("code", TRANSLATED)
def test_translations_fill_the_same_gaps_and_are_written_like_the_sentence(code: str) -> None:
    """No exclamation marks, no mark-up, no leftover spaces, and a full stop where there is one."""
    for message in catalog_of(code):
        if not message.id:
            continue
        assert message.string, message.id
        assert sorted(GAP.findall(message.string)) == sorted(GAP.findall(message.id)), message.string
        assert message.string == message.string.strip()
        assert not re.search(r"[<>!！¡]", message.string), message.string
        if message.id.endswith("."):
            assert message.string.endswith((".", "。", "؟", "?")), message.string
