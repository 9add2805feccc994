"""Every sentence of the pages has a translation in every language, with the same gaps."""

from __future__ import annotations

import re
from importlib import resources
from typing import Any

import pytest
from babel.messages.pofile import read_po

from aftermile.doors.shopper.phrases import PHRASES
from aftermile.kernel.languages import LANGUAGES
from tests.phrases import GAP, Phrase, phrases_of

PACKAGE = "aftermile.doors.shopper"
SAID = phrases_of(PACKAGE)
TRANSLATED = [code for code in LANGUAGES if code != "en"]


def catalog_of(code: str) -> Any:
    file = resources.files(PACKAGE).joinpath("locale", f"{code}.po")
    with file.open("rb") as source:
        return read_po(source, locale=code, abort_invalid=True)


def test_all_languages_are_there() -> None:
    assert PHRASES.languages == tuple(LANGUAGES)
    assert len(SAID) > 300


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_sentence_is_translated_and_none_is_left_over(code: str) -> None:
    catalog = catalog_of(code)
    known = {
        Phrase(*message.id) if message.pluralizable else Phrase(message.id)
        for message in catalog
        if message.id
    }
    assert SAID.keys() - known == set()
    assert known - SAID.keys() == set()
    assert [message.id for message in catalog if message.fuzzy and message.id] == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_translations_are_complete_and_fill_the_same_gaps(code: str) -> None:
    catalog = catalog_of(code)
    for message in catalog:
        if not message.id:
            continue
        if message.pluralizable:
            one, many = message.id
            assert len(message.string) == catalog.num_plurals, message.id
            for form in message.string:
                assert form, message.id
                # A form for one or two may say the number in a word.
                assert set(GAP.findall(many)) - {"n"} <= set(GAP.findall(form)) <= set(GAP.findall(many)), (
                    form
                )
            assert set(GAP.findall(one)) <= set(GAP.findall(many))
        else:
            assert message.string, message.id
            assert sorted(GAP.findall(message.string)) == sorted(GAP.findall(message.id)), message.string
            assert message.string.count("{") == len(GAP.findall(message.string))


@pytest.mark.parametrize("code", TRANSLATED)
def test_translations_are_written_like_the_sentence(code: str) -> None:
    """No exclamation marks in bad news, no markup, no leftover spaces, and a full stop where there is one."""
    for message in catalog_of(code):
        if not message.id:
            continue
        forms = message.string if message.pluralizable else (message.string,)
        for form in forms:
            assert form == form.strip()
            assert not re.search(r"[<>!！¡]", form), form
            if not message.pluralizable and message.id.endswith("."):
                assert form.endswith((".", "。", "؟", "?", "}")), form


def test_tables_of_sentences_are_found_too() -> None:
    assert Phrase("Your parcel is lost") in SAID
    assert Phrase("{n} item", "{n} items") in SAID
    assert Phrase("Where is my order?") in SAID
