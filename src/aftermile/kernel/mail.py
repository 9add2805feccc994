"""Writing a letter: the bytes a mail server takes, complete and free of what others may have smuggled in.

Written by hand rather than with `email.message`: its header machinery and its quoted-printable are pure Python
and take longer than everything else about a message together. The tests read what is written here back with
`email` and find it without a defect.
"""

from __future__ import annotations

import binascii
import hashlib
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import lru_cache
from typing import Protocol
from uuid import UUID

import idna

CRLF = "\r\n"
_LONGEST_LINE = 76
#: Bytes of UTF-8 in one encoded word: 52 letters of base64, so that "Subject: " and it fit into one line.
_WORD_BYTES = 39
# RFC 5322, 3.2.3 (atext) and RFC 6532. Dots may stand anywhere: some providers gave out such addresses.
_LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.\-\u00a1-\U0010ffff]{1,64}")
_DOMAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.\-]*[A-Za-z0-9])?")
_HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9\-]{0,75}")
_PLAIN_PHRASE = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\- ]+")
# What this file writes itself; a second one would be read by some and not by others.
_OURS = frozenset(
    "from to reply-to subject date message-id mime-version content-type content-transfer-encoding sender"
    " list-unsubscribe list-unsubscribe-post auto-submitted feedback-id dkim-signature return-path"
    " cc bcc".split()
)


class MailUnwritable(ValueError):
    """Something in the letter cannot stand in an e-mail. The message names the part, never its content."""


class Correspondent(Protocol):
    """Who a letter is from."""

    @property
    def address(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def reply_to(self) -> str: ...


class Letter(Protocol):
    """A letter as channels describe it (`connectors.contracts.channels.Email`)."""

    @property
    def message_id(self) -> str: ...
    @property
    def sender(self) -> Correspondent: ...
    @property
    def to(self) -> str: ...
    @property
    def to_name(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def html(self) -> str: ...
    @property
    def headers(self) -> Sequence[tuple[str, str]]: ...
    @property
    def one_click_url(self) -> str: ...
    @property
    def feedback_id(self) -> str: ...


def message_id(id_: UUID, domain: str) -> str:
    """Return the Message-ID of a message, without angle brackets: the same for ever.

    :raises MailUnwritable: no domain.
    """
    return f"{id_.hex}@{mail_domain(domain)}"


def write_mail(letter: Letter, *, at: datetime) -> bytes:
    """Write a letter with all its headers, text part first; its length is its size. The same in, the same out.

    ASCII throughout, except that headers are UTF-8 where an address is written in another script before its
    "@" (RFC 6532); such a letter needs a server with SMTPUTF8. `at` becomes the Date, in UTC.

    :raises MailUnwritable: an unusable address, a line break in a header, a header that is ours to write.
    """
    sender = letter.sender
    if not re.fullmatch(r"[\x21-\x3b\x3d\x3f-\x7e]+@[\x21-\x3b\x3d\x3f-\x7e]+", letter.message_id):
        raise MailUnwritable("the Message-ID is none")
    headers = [
        f"From: {_mailbox('the sender', sender.name, sender.address)}",
        f"To: {_mailbox('the recipient', letter.to_name, letter.to)}",
    ]
    if sender.reply_to:
        headers.append(f"Reply-To: {mail_address(sender.reply_to)}")
    headers += [
        f"Subject: {_unstructured('the subject', letter.subject, indent=9)}",
        f"Date: {format_datetime(at.astimezone(UTC))}",
        f"Message-ID: <{letter.message_id}>",
        # RFC 3834: keeps holiday notices and other machines from answering.
        "Auto-Submitted: auto-generated",
    ]
    if letter.one_click_url:
        headers += _one_click(letter.one_click_url)
    if letter.feedback_id:
        headers.append(f"Feedback-ID: {_unstructured('the feedback id', letter.feedback_id, indent=13)}")
    for name, value in letter.headers:
        if not _HEADER_NAME.fullmatch(name) or name.lower() in _OURS:
            raise MailUnwritable(f"the header {name[:40]!r} cannot be set")
        headers.append(f"{name}: {_unstructured(f'the header {name}', value, indent=len(name) + 2)}")
    headers.append("MIME-Version: 1.0")
    written = CRLF.join(headers).encode()
    if not letter.html:
        return written + b"\r\n" + _part("plain", letter.text)
    # "=_" occurs neither in quoted-printable nor in base64: no content can end its own part.
    boundary = f"=_{hashlib.sha256(letter.message_id.encode()).hexdigest()[:24]}".encode()
    return b"".join(
        (
            *(written, b'\r\nContent-Type: multipart/alternative;\r\n boundary="', boundary, b'"\r\n'),
            *(b"\r\n--", boundary, b"\r\n", _part("plain", letter.text)),
            *(b"\r\n--", boundary, b"\r\n", _part("html", letter.html)),
            *(b"\r\n--", boundary, b"--\r\n"),
        )
    )


def mail_address(address: str) -> str:
    """Return an address as it goes over the wire: its domain in ASCII, whatever script it is written in.

    :raises MailUnwritable: not an address; also one whose part before the "@" would need quotes.
    """
    local, at, domain = address.strip().rpartition("@")
    if not at or not _LOCAL_PART.fullmatch(local):
        raise MailUnwritable("an address is no e-mail address")
    return f"{local}@{mail_domain(domain)}"


@lru_cache(maxsize=4096)
def mail_domain(domain: str) -> str:
    """Return a domain in ASCII (IDNA 2008 with the mappings of UTS 46).

    :raises MailUnwritable: no domain.
    """
    try:
        ascii_ = domain.lower() if domain.isascii() else idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        ascii_ = ""
    if not _DOMAIN.fullmatch(ascii_) or ".." in ascii_ or len(ascii_) > 253:
        raise MailUnwritable("an address has no usable domain")
    return ascii_


def _one_click(url: str) -> list[str]:
    """RFC 8058: one HTTPS address, and the word that it takes a POST."""
    if not url.startswith("https://") and not url.startswith("http://127.0.0.1"):
        raise MailUnwritable("the address to unsubscribe must begin with https://")
    if not re.fullmatch(r"[\x21-\x3b\x3d\x3f-\x7e]{1,900}", url):
        raise MailUnwritable("the address to unsubscribe holds signs an address cannot hold")
    return [f"List-Unsubscribe: <{url}>", "List-Unsubscribe-Post: List-Unsubscribe=One-Click"]


def _mailbox(what: str, name: str, address: str) -> str:
    plain = mail_address(address)
    name = name.strip()
    if not name:
        return plain
    _refuse_controls(what, name)
    if not name.isascii() or "=?" in name:
        return f"{_encoded_words(name)}{CRLF} <{plain}>"
    if not _PLAIN_PHRASE.fullmatch(name):
        name = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if len(name) > 200:
        raise MailUnwritable(f"{what} has a name too long to write")
    return f"{name}{CRLF if len(name) + len(plain) > 60 else ''} <{plain}>"


def _unstructured(what: str, value: str, *, indent: int) -> str:
    """Write a header's value; beyond ASCII as encoded words (RFC 2047), long ones folded at spaces."""
    _refuse_controls(what, value)
    value = value.strip()
    if len(value) + indent <= _LONGEST_LINE and value.isascii() and "=?" not in value:
        return value
    words = value.split(" ")
    if not value.isascii() or "=?" in value or any(len(word) > 60 for word in words) or "" in words:
        return _encoded_words(value)
    lines, line = [], " " * indent
    for word in words:
        if len(line) + 1 + len(word) > _LONGEST_LINE:
            lines.append(line)
            line = ""
        line += f" {word}"
    return f"{CRLF}".join([*lines, line]).strip()


def _encoded_words(value: str) -> str:
    words, room, word = [], _WORD_BYTES, b""
    for sign in value:
        encoded = sign.encode("utf-8", "replace")
        if len(encoded) > room:
            words.append(word)
            room, word = _WORD_BYTES, b""
        word += encoded
        room -= len(encoded)
    words.append(word)
    return f"{CRLF} ".join(
        f"=?utf-8?b?{binascii.b2a_base64(word, newline=False).decode()}?=" for word in words
    )


def _refuse_controls(what: str, value: str) -> None:
    # Anything that could begin a header of its own. U+0085, U+2028 and U+2029 are line breaks to some.
    if any(sign < " " or sign in "\x7f\x85\u2028\u2029" for sign in value):
        raise MailUnwritable(f"{what} holds a line break or another invisible sign")


def _part(subtype: str, content: str) -> bytes:
    """Write a body with its headers, in lines that every server lets through unchanged."""
    lines = content.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n") + "\n"
    body = lines.replace("\n", CRLF).encode("utf-8", "replace")
    encoding = "quoted-printable"
    written = binascii.b2a_qp(body, istext=True)
    if len(written) > len(body) * 4 / 3 + 80:
        encoding = "base64"
        # 57 bytes make a line of 76.
        written = b"".join(
            binascii.b2a_base64(body[start : start + 57], newline=False) + b"\r\n"
            for start in range(0, len(body), 57)
        )
    return (
        f"Content-Type: text/{subtype}; charset=utf-8{CRLF}Content-Transfer-Encoding: {encoding}{CRLF}{CRLF}"
    ).encode() + written
