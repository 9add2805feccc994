"""DKIM, judged by dkimpy."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import dkim
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aftermile.connectors.channels.example_messages import EMAIL
from aftermile.kernel.mail import write_mail
from aftermile.kernel.mail_signing import DkimKey, DkimKeyUnusable, dkim_record, make_dkim_key, sign_mail

AT = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)
NEW = make_dkim_key()
KEY = DkimKey(domain="shop.example", selector="am1", private_pem=NEW.private_pem)


def holds(mail: bytes) -> bool:
    asked: list[bytes] = []

    def dns(name: bytes, timeout: int = 5) -> bytes:
        asked.append(name)
        return NEW.dns_record.encode()

    verified: bool = dkim.verify(mail, dnsfunc=dns)
    assert asked in ([b"am1._domainkey.shop.example."], [])
    return verified


def test_a_signature_holds() -> None:
    assert holds(sign_mail(write_mail(EMAIL, at=AT), KEY, at=AT))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"https://shop.example/u/abc", b"https://shop.example/u/xyz"),
        (b"List-Unsubscribe=One-Click", b"List-Unsubscribe=Two-Click"),
        (b"Good day", b"Bad day"),
        (b"\r\nTo: ", b"\r\nFrom: eve@example.com\r\nTo: "),
        (b"\r\nTo: ", b"\r\nSubject: Another\r\nTo: "),
    ],
)
def test_a_signature_covers_content_and_unsubscribing(before: bytes, after: bytes) -> None:
    signed = sign_mail(write_mail(EMAIL, at=AT), KEY, at=AT)
    assert before in signed

    assert not holds(signed.replace(before, after, 1))


def test_servers_may_fold_and_space_differently() -> None:
    signed = sign_mail(write_mail(EMAIL, at=AT), KEY, at=AT)

    assert holds(signed.replace(b"\r\nTo: ", b"\r\nto:\r\n  ", 1) + b"\r\n\r\n")


@given(
    body=st.text(st.sampled_from("a \t\r\n.=é"), max_size=80),
    subject=st.text(st.sampled_from("a é\t"), max_size=60),
)
@settings(max_examples=60, deadline=None)
def test_a_signature_holds_over_every_space_and_line(body: str, subject: str) -> None:
    """Also over a body as a server might have left it, not only as we write it."""
    head = write_mail(replace(EMAIL, subject=subject.replace("\t", " "), html="", text="x"), at=AT)
    start = head.index(b"\r\n\r\n") + 4
    content = "\r\n".join(body.splitlines()).encode()

    assert holds(sign_mail(head[:start] + content + b"\r\n", KEY, at=AT))


def test_the_record_belongs_to_the_key() -> None:
    assert dkim_record(NEW.private_pem) == NEW.dns_record
    assert NEW.dns_record.startswith("v=DKIM1; k=rsa; p=MII")
    assert "PRIVATE" not in repr(KEY) + repr(NEW)


@pytest.mark.parametrize("pem", ["", "secret", NEW.private_pem[:200]])
def test_a_key_that_is_none(pem: str) -> None:
    with pytest.raises(DkimKeyUnusable):
        sign_mail(write_mail(EMAIL, at=AT), replace(KEY, private_pem=pem), at=AT)
