"""Every sentence of the slip has a translation in every language, with the same gaps."""

from __future__ import annotations

from importlib import resources

import pytest
from babel.messages.pofile import read_po

from aftermile.capabilities.packing.slip import PHRASES
from aftermile.kernel.languages import LANGUAGES
from tests.phrases import GAP, Phrase, phrases_of

PACKAGE = "aftermile.capabilities.packing"
SAID = phrases_of(PACKAGE)


def test_all_languages_are_there() -> None:
    assert PHRASES.languages == tuple(LANGUAGES)
    assert len(SAID) == 16


@pytest.mark.parametrize("code", [code for code in LANGUAGES if code != "en"])
def test_every_sentence_is_translated_with_its_gaps_and_none_is_left_over(code: str) -> None:
    with resources.files(PACKAGE).joinpath("locale", f"{code}.po").open("rb") as source:
        messages = [message for message in read_po(source, locale=code, abort_invalid=True) if message.id]

    assert {Phrase(str(message.id)) for message in messages} == SAID.keys()
    for message in messages:
        assert message.string
        assert sorted(GAP.findall(str(message.string))) == sorted(GAP.findall(str(message.id)))
