from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftermile.capabilities.shoppers.public import normalize_email, normalize_phone


@pytest.mark.parametrize(
    ("given_as", "normalized"),
    [
        (" Astrid@Example.COM ", "astrid@example.com"),
        ("astrid@bücher.example", "astrid@xn--bcher-kva.example"),
        ("astrid@example.com.", "astrid@example.com"),
        ("o'hara+books@example.com", "o'hara+books@example.com"),
        ("astrid", ""),
        ("astrid@localhost", ""),
        ("@example.com", ""),
        ("astrid lindgren@example.com", ""),
        ("a" * 320 + "@example.com", ""),
        ("astrid@-.example", "astrid@-.example"),
        ("astrid@ü..example", ""),
    ],
)
def test_addresses(given_as: str, normalized: str) -> None:
    assert normalize_email(given_as) == normalized


@pytest.mark.parametrize(
    ("given_as", "country", "normalized"),
    [
        ("+49 151 23456789", "", "+4915123456789"),
        ("0049 151 23456789", "", "+4915123456789"),
        ("0151 / 234 567 89", "DE", "+4915123456789"),
        ("0151 23456789", "de", "+4915123456789"),
        ("(212) 555-0123", "US", "+12125550123"),
        ("+1 212 555 0123", "DE", "+12125550123"),
        ("0151 23456789", "", ""),
        ("0151 23456789", "XX", ""),
        ("12", "DE", ""),
        ("call me", "DE", ""),
        ("+49 151 23456789 ext. 5", "", ""),
        ("1" * 100, "DE", ""),
        ("", "DE", ""),
    ],
)
def test_numbers(given_as: str, country: str, normalized: str) -> None:
    assert normalize_phone(given_as, country) == normalized


@given(st.text())
def test_anything_is_read_or_not_but_never_crashes(text: str) -> None:
    for normalized in (normalize_email(text), normalize_email(f"a@{text}.example")):
        assert normalize_email(normalized) == normalized
    for number in (normalize_phone(text), normalize_phone(text, "DE"), normalize_phone(f"+{text}")):
        assert normalize_phone(number) == number
