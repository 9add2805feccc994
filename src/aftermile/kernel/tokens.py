"""Secrets that name their merchant: API keys, addresses of connections and senders, addresses of tracking pages.

A look-up by token happens inside its merchant's walls, so the merchant has to be known before the database
is asked: the token carries it. A checksum tells typing errors and made-up tokens without asking at all. The
text itself is never stored, only its digest.

    text = prefix + "_" + base62(merchant id, 16 bytes + random bytes + checksum)
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from uuid import UUID

from aftermile.kernel.errors import Refusal

# Base 62 because it has no sign that ends a word, breaks a line or needs quoting in an address.
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_VALUE_OF = {letter: value for value, letter in enumerate(_ALPHABET)}


@dataclass(frozen=True, slots=True)
class _Kind:
    means: str
    random_bytes: int
    checksum_bytes: int

    @property
    def size(self) -> int:
        return 16 + self.random_bytes + self.checksum_bytes

    @property
    def letters(self) -> int:
        # The fewest letters that hold every value of so many bytes.
        count = 0
        while 62**count < 256**self.size:
            count += 1
        return count


#: By prefix. The page's token stands in mails and text messages, so it is short: 112 random bits.
KINDS = {
    "am": _Kind("an API key", random_bytes=20, checksum_bytes=4),
    "in": _Kind("the address of a connection", random_bytes=20, checksum_bytes=4),
    "t": _Kind("the address of a tracking page", random_bytes=14, checksum_bytes=2),
    "rc": _Kind("the address a channel sends receipts to", random_bytes=20, checksum_bytes=4),
    "iv": _Kind("an invitation", random_bytes=20, checksum_bytes=4),
}
_LETTERS = {prefix: kind.letters for prefix, kind in KINDS.items()}

#: Finds any of our tokens in running text (a regular expression), so that logs can hide them.
TOKEN_PATTERN = (
    r"(?<![0-9A-Za-z])(?:"
    + "|".join(f"{prefix}_[0-9A-Za-z]{{{_LETTERS[prefix]}}}" for prefix in KINDS)
    + r")(?![0-9A-Za-z])"
)


class BadToken(Refusal):
    """A token that was mistyped, cut off or made up."""

    code = "bad_token"
    status = 401
    message = "This is none of our keys or addresses; copy it again in full."


@dataclass(frozen=True, slots=True)
class Token:
    """A fresh token. `text` is shown once; `digest` (32 bytes) is what is stored."""

    text: str = field(repr=False)
    digest: bytes


@dataclass(frozen=True, slots=True)
class ReadToken:
    """Whose token it would be, and the digest to look for there. Well-formed is not yet valid."""

    merchant_id: UUID
    digest: bytes


def mint_token(prefix: str, merchant_id: UUID) -> Token:
    """Make a fresh, unguessable token of a merchant; `prefix` is one of `KINDS`."""
    kind = KINDS[prefix]
    body = merchant_id.bytes + secrets.token_bytes(kind.random_bytes)
    text = f"{prefix}_{_to_base62(body + _checksum(prefix, body), _LETTERS[prefix])}"
    return Token(text, _digest(text))


def read_token(prefix: str, text: str) -> ReadToken:
    """Read whose token this is, without the database.

    :raises BadToken: another kind's token, a typing error, or no token of ours.
    """
    kind = KINDS[prefix]
    head, _, letters = text.partition("_")
    if head != prefix or len(letters) != _LETTERS[prefix] or not _VALUE_OF.keys() >= set(letters):
        raise BadToken(f"This is not {kind.means}; copy it again in full.")
    value = 0
    for letter in letters:
        value = value * 62 + _VALUE_OF[letter]
    if value >= 256**kind.size:
        raise BadToken(f"This is not {kind.means}; copy it again in full.")
    content = value.to_bytes(kind.size, "big")
    body, checksum = content[: -kind.checksum_bytes], content[-kind.checksum_bytes :]
    if checksum != _checksum(prefix, body):
        raise BadToken(f"This looks like {kind.means}, but a letter is wrong or missing; copy it again.")
    return ReadToken(UUID(bytes=body[:16]), _digest(text))


def _checksum(prefix: str, body: bytes) -> bytes:
    # With the prefix in it, a token of one kind cannot pass as another's.
    return hashlib.blake2b(prefix.encode() + body, digest_size=KINDS[prefix].checksum_bytes).digest()


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def _to_base62(content: bytes, letters: int) -> str:
    value = int.from_bytes(content, "big")
    written = []
    for _ in range(letters):
        value, digit = divmod(value, 62)
        written.append(_ALPHABET[digit])
    return "".join(reversed(written))
