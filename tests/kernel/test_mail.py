"""Letters: what is written is read back by the standard library without a defect."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftermile.connectors.channels.example_messages import EMAIL
from aftermile.connectors.contracts.channels import Email
from aftermile.kernel.mail import MailUnwritable, mail_address, message_id, write_mail

AT = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)
#: No line breaks: splitting lines differs between languages, and is tried on its own.
WORDS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029"), max_size=200
)


def read(mail: bytes) -> EmailMessage:
    message = message_from_bytes(mail, policy=default)
    assert isinstance(message, EmailMessage)
    assert [part.defects for part in message.walk() if part.defects] == []
    return message


def contents(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def test_a_letter_has_every_header_it_needs() -> None:
    mail = write_mail(replace(EMAIL, feedback_id="dispatched:shop:aftermile"), at=AT)

    assert [(name, str(value)) for name, value in read(mail).items()] == [
        ("From", "Bücher & Café <hello@shop.example>"),
        ("To", "Ann <ann@example.com>"),
        ("Reply-To", "help@shop.example"),
        ("Subject", "Your parcel is on its way – übermorgen"),
        ("Date", "Sun, 22 Nov 2026 12:30:00 +0000"),
        ("Message-ID", "<019a0000000070008000000000000001@shop.example>"),
        ("Auto-Submitted", "auto-generated"),
        ("List-Unsubscribe", "<https://shop.example/u/abc>"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ("Feedback-ID", "dispatched:shop:aftermile"),
        ("MIME-Version", "1.0"),
        ("Content-Type", read(mail)["Content-Type"]),
    ]


def test_the_text_comes_first_and_the_html_last() -> None:
    message = read(write_mail(EMAIL, at=AT))

    kinds = [part.get_content_type() for part in message.walk()]
    assert kinds == ["multipart/alternative", "text/plain", "text/html"]
    assert (contents(message, "plain"), contents(message, "html")) == (EMAIL.text, EMAIL.html)


def test_a_letter_without_html_is_plain() -> None:
    message = read(write_mail(replace(EMAIL, html="", one_click_url=""), at=AT))

    assert (message.get_content_type(), contents(message, "plain")) == ("text/plain", EMAIL.text)
    assert message["List-Unsubscribe"] is None


def test_the_same_letter_is_the_same_bytes() -> None:
    assert write_mail(EMAIL, at=AT) == write_mail(EMAIL, at=AT)


def test_a_message_id_is_the_messages_own_for_ever() -> None:
    assert message_id(UUID(int=1), "Bücher.example") == f"{'0' * 31}1@xn--bcher-kva.example"


@given(
    subject=WORDS,
    name=WORDS,
    text=WORDS,
    html=st.sampled_from(["", "ä", "日本語のお知らせ", "="]),
    times=st.integers(1, 60),
)
def test_whatever_is_written_is_read_again(subject: str, name: str, text: str, html: str, times: int) -> None:
    """Also in lines short enough and in ASCII for every server."""
    letter = replace(EMAIL, subject=subject, to_name=name[:60], text=text * times, html=html * times)

    mail = write_mail(letter, at=AT)
    message = read(mail)

    assert mail.isascii()
    assert max(map(len, mail.split(b"\r\n"))) <= 200
    assert b"\n" not in mail.replace(b"\r\n", b"")
    assert str(message["Subject"]).split() == subject.split()
    assert contents(message, "plain") == text * times + "\n"
    if html:
        assert contents(message, "html") == html * times + "\n"


@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r", "\x00", "\x0b", "\x85", "\u2028"])
@pytest.mark.parametrize(
    "part", ["subject", "to_name", "to", "feedback_id", "one_click_url", "name", "header"]
)
def test_no_header_is_smuggled_in(part: str, break_: str) -> None:
    smuggled = f"Hello{break_}Bcc: everybody@example.com"
    letter: Email
    if part == "name":
        letter = replace(EMAIL, sender=replace(EMAIL.sender, name=smuggled))
    elif part == "header":
        letter = replace(EMAIL, headers=(("X-Entity-Ref-ID", smuggled),))
    else:
        letter = replace(EMAIL, **{part: smuggled})

    with pytest.raises(MailUnwritable):
        write_mail(letter, at=AT)


@pytest.mark.parametrize(
    "name", ["Bcc", "from", "Content-Type", "X Y", "X:", "", "DKIM-Signature", "X\r\nBcc"]
)
def test_headers_that_are_ours_cannot_be_set(name: str) -> None:
    with pytest.raises(MailUnwritable):
        write_mail(replace(EMAIL, headers=((name, "x"),)), at=AT)


@pytest.mark.parametrize(
    "url", ["http://shop.example/u", "mailto:off@shop.example", "https://a b", "https://a>b"]
)
def test_one_click_wants_one_https_address(url: str) -> None:
    with pytest.raises(MailUnwritable):
        write_mail(replace(EMAIL, one_click_url=url), at=AT)


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("ann@example.com", "ann@example.com"),
        (" Ann.O'Neil+shop@Example.COM ", "Ann.O'Neil+shop@example.com"),
        ("ann@bücher.example", "ann@xn--bcher-kva.example"),
        ("jörg@straße.example", "jörg@xn--strae-oqa.example"),
        ("old..dots.@mobile.example", "old..dots.@mobile.example"),
    ],
)
def test_addresses(address: str, written: str) -> None:
    assert mail_address(address) == written


@pytest.mark.parametrize(
    "address", ["", "ann", "@example.com", "ann@", "a b@example.com", "<ann@example.com>", "a@b..c", "@"]
)
def test_what_is_no_address(address: str) -> None:
    with pytest.raises(MailUnwritable):
        mail_address(address)


def test_addresses_of_other_scripts_make_the_headers_utf8() -> None:
    mail = write_mail(replace(EMAIL, to="jörg@bücher.example"), at=AT)

    assert "To: Ann <jörg@xn--bcher-kva.example>\r\n".encode() in mail
