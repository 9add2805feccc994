"""Secrets at rest: sealed, opened, resealed, and never shown."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime

import pytest
import time_machine
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from aftermile.kernel.secrets import SecretBox, SecretKeyUnusable, SecretUnreadable, new_secret_key

OLD, NEW = new_secret_key(), new_secret_key()


@given(st.dictionaries(st.text(), st.text()))
def test_what_is_sealed_opens_again(secrets: dict[str, str]) -> None:
    box = SecretBox([NEW])

    assert box.open(box.seal(secrets)) == secrets


def test_nothing_of_the_secret_is_readable_in_the_seal() -> None:
    sealed = SecretBox([NEW]).seal({"api_key": "swordfish"})

    assert b"swordfish" not in sealed
    assert b"api_key" not in sealed
    assert SecretBox([NEW]).seal({"api_key": "swordfish"}) != sealed


def test_keys_may_be_bytes() -> None:
    assert SecretBox([NEW.encode()]).open(SecretBox([NEW]).seal({"a": "b"})) == {"a": "b"}


def test_the_newest_key_seals_and_every_key_opens() -> None:
    sealed_before = SecretBox([OLD]).seal({"a": "b"})
    both = SecretBox([NEW, OLD])

    assert both.open(sealed_before) == {"a": "b"}
    assert SecretBox([NEW]).open(both.seal({"a": "b"})) == {"a": "b"}


def test_after_resealing_the_old_key_is_not_needed() -> None:
    with time_machine.travel(datetime(2026, 1, 1, tzinfo=UTC), tick=False):
        sealed_before = SecretBox([OLD]).seal({"a": "b"})

    resealed = SecretBox([NEW, OLD]).reseal(sealed_before)

    assert SecretBox([NEW]).open(resealed) == {"a": "b"}
    assert Fernet(NEW).extract_timestamp(resealed) == datetime(2026, 1, 1, tzinfo=UTC).timestamp()


@pytest.mark.parametrize("sealed", [b"", b"nothing", SecretBox([OLD]).seal({"a": "swordfish"})])
def test_what_no_key_opens_says_which_setting_to_look_at(sealed: bytes) -> None:
    box = SecretBox([NEW], setting="AFTERMILE_KEYS")

    with pytest.raises(SecretUnreadable, match="AFTERMILE_KEYS"):
        box.open(sealed)
    with pytest.raises(SecretUnreadable, match="AFTERMILE_KEYS"):
        box.reseal(sealed)


@given(st.integers(0, 99), st.integers(0, 255))
def test_a_damaged_seal_is_told(place: int, byte: int) -> None:
    sealed = bytearray(SecretBox([NEW]).seal({"a": "b"}))
    if sealed[place] == byte:
        return
    sealed[place] = byte

    with pytest.raises(SecretUnreadable):
        SecretBox([NEW]).open(bytes(sealed))


@pytest.mark.parametrize("keys", [[], ["swordfish"], [NEW, "swordfish"], [""]])
def test_a_key_that_is_none_names_the_setting_and_not_itself(keys: list[str]) -> None:
    with pytest.raises(SecretKeyUnusable, match="AFTERMILE_KEYS") as failure:
        SecretBox(keys, setting="AFTERMILE_KEYS").seal({"a": "b"})

    assert "swordfish" not in str(failure.value)


def test_the_box_shows_nothing_and_cannot_be_copied_elsewhere() -> None:
    box = SecretBox([NEW])
    box.seal({})

    assert repr(box) == str(box) == "SecretBox(...)"
    with pytest.raises(TypeError, match="not to be copied"):
        pickle.dumps(box)
