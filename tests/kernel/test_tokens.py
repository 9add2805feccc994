"""Tokens name their merchant, tell typing errors, and keep their kinds apart."""

from __future__ import annotations

import hashlib
import re
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftermile.kernel.tokens import KINDS, TOKEN_PATTERN, BadToken, mint_token, read_token

MERCHANT = UUID("01900000-0000-7000-8000-0000000000aa")
kinds = st.sampled_from(sorted(KINDS))
letters = st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")


@given(kinds, st.integers(0, 2**128 - 1).map(lambda number: UUID(int=number)))
def test_a_token_names_its_merchant_and_its_digest(prefix: str, merchant_id: UUID) -> None:
    token = mint_token(prefix, merchant_id)

    read = read_token(prefix, token.text)

    assert read.merchant_id == merchant_id
    assert read.digest == token.digest == hashlib.sha256(token.text.encode()).digest()


@pytest.mark.parametrize(("prefix", "length"), [("am", 57), ("in", 57), ("t", 45)])
def test_tokens_of_a_kind_are_all_of_one_length(prefix: str, length: int) -> None:
    lowest, highest = UUID(int=0), UUID(int=2**128 - 1)

    assert {len(mint_token(prefix, merchant).text) for merchant in (lowest, highest)} == {length}


def test_no_two_tokens_are_alike() -> None:
    assert len({mint_token("t", MERCHANT).text for _ in range(1000)}) == 1000


@given(kinds, st.data())
def test_one_wrong_letter_is_told_without_the_database(prefix: str, data: st.DataObject) -> None:
    text = mint_token(prefix, MERCHANT).text
    place = data.draw(st.integers(len(prefix) + 1, len(text) - 1))
    letter = data.draw(letters.filter(lambda letter: letter != text[place]))
    # Two bytes of checksum let one in 65,536 through, so the shorter kind is not asked for certainty.
    if prefix != "t":
        with pytest.raises(BadToken):
            read_token(prefix, text[:place] + letter + text[place + 1 :])


def test_the_short_kind_tells_nearly_every_wrong_letter() -> None:
    text = mint_token("t", MERCHANT).text
    passed = 0
    for place in range(2, len(text)):
        wrong = "A" if text[place] != "A" else "B"
        try:
            read_token("t", text[:place] + wrong + text[place + 1 :])
            passed += 1
        except BadToken:
            continue

    assert passed <= 1


@given(kinds, st.text(max_size=80))
def test_any_other_text_is_refused(prefix: str, text: str) -> None:
    with pytest.raises(BadToken):
        read_token(prefix, text)


def test_a_token_relabelled_as_another_kind_is_refused() -> None:
    key = mint_token("am", MERCHANT).text

    with pytest.raises(BadToken, match="not the address of a connection"):
        read_token("in", key)
    with pytest.raises(BadToken, match="a letter is wrong"):
        read_token("in", "in" + key.removeprefix("am"))


def test_letters_beyond_the_last_value_are_refused() -> None:
    with pytest.raises(BadToken):
        read_token("am", "am_" + "z" * 54)


def test_neither_repr_nor_refusal_shows_the_token() -> None:
    token = mint_token("am", MERCHANT)
    broken = token.text[:-1] + ("A" if token.text[-1] != "A" else "B")

    assert token.text not in repr(token)
    with pytest.raises(BadToken) as refusal:
        read_token("am", broken)
    assert broken not in str(refusal.value)


@given(kinds)
def test_the_pattern_finds_every_token_in_running_text(prefix: str) -> None:
    text = mint_token(prefix, MERCHANT).text

    assert re.findall(TOKEN_PATTERN, f"GET /x/{text}/events?k={text}, main_{'a' * 54}") == [text, text]
