"""DKIM (RFC 6376): a sender's domain vouches for a letter, its one-click unsubscribing included.

The signature is made here because dkimpy calculates RSA in Python, which costs more than building and sending
the letter; the tests verify it with dkimpy.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

_KEY_BITS = 2048  # RFC 8301: 1024 at least; 4096 does not fit into one TXT string and some cannot read it
# RFC 6376, 5.4.1, and what RFC 8058 wants covered. A name listed once more than it occurs ("from" twice)
# makes adding another one break the signature.
_SIGNED = (
    "from from to to subject subject date message-id reply-to mime-version content-type"
    " content-transfer-encoding list-unsubscribe list-unsubscribe-post auto-submitted"
).split()
_SPACES = re.compile(rb"[ \t]+")
_FOLD = re.compile(rb"\r\n(?=[ \t])")


class DkimKeyUnusable(ValueError):
    """The private key cannot be read, or is not an RSA key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DkimKey:
    """A domain's key, kept by whoever owns the sender. `selector` is the name its DNS record is found by."""

    domain: str
    selector: str
    private_pem: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDkimKey:
    """A key just made: the secret to keep, and the TXT record for `<selector>._domainkey.<domain>`."""

    private_pem: str = field(repr=False)
    dns_record: str


def make_dkim_key() -> NewDkimKey:
    """Make an RSA key of 2048 bits."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=_KEY_BITS)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return NewDkimKey(private_pem=private.decode(), dns_record=_dns_record(key))


def dkim_record(private_pem: str) -> str:
    """Return the TXT record that belongs to a private key.

    :raises DkimKeyUnusable: not the PEM of an RSA key.
    """
    return _dns_record(_private_key(private_pem))


def sign_mail(mail: bytes, key: DkimKey, *, at: datetime) -> bytes:
    """Return a mail with a DKIM-Signature in front: rsa-sha256, relaxed/relaxed. The mail is CRLF throughout.

    :raises DkimKeyUnusable: not the PEM of an RSA key.
    """
    private = _private_key(key.private_pem)
    head, _, body = mail.partition(b"\r\n\r\n")
    headers: dict[str, list[bytes]] = {}
    for line in _FOLD.sub(b"", head).split(b"\r\n"):
        name, _, value = line.partition(b":")
        headers.setdefault(name.decode("ascii", "replace").strip().lower(), []).append(value)
    names = [name for name in _SIGNED if name in headers]
    unsigned = (
        f"v=1; a=rsa-sha256; c=relaxed/relaxed; d={key.domain}; s={key.selector}; t={int(at.timestamp())};\r\n"
        f" h={':'.join(names[:7])}"
        + (f":\r\n  {':'.join(names[7:])}" if names[7:] else "")
        + f";\r\n bh={_body_hash(body)};\r\n b="
    ).encode()
    # From the last to the first (RFC 6376, 5.4.2); when none is left, nothing is hashed for the name.
    lines = [_relaxed(name, headers[name].pop()) + b"\r\n" for name in names if headers[name]]
    signed = b"".join(lines) + _relaxed("dkim-signature", unsigned)
    signature = base64.b64encode(private.sign(signed, padding.PKCS1v15(), hashes.SHA256()))
    folded = b"\r\n  ".join(signature[start : start + 72] for start in range(0, len(signature), 72))
    return b"DKIM-Signature: " + unsigned + folded + b"\r\n" + mail


def _relaxed(name: str, value: bytes) -> bytes:
    """RFC 6376, 3.4.2."""
    return name.encode() + b":" + _SPACES.sub(b" ", _FOLD.sub(b"", value)).strip(b" \t\r\n")


def _body_hash(body: bytes) -> str:
    """RFC 6376, 3.4.4: spaces run together, none at the ends of lines, no empty lines at the end."""
    relaxed = body.replace(b"\t", b" ")
    while b"  " in relaxed:
        relaxed = relaxed.replace(b"  ", b" ")
    relaxed = relaxed.replace(b" \r\n", b"\r\n").rstrip(b"\r\n ")
    return base64.b64encode(hashlib.sha256(relaxed + b"\r\n" if relaxed else b"").digest()).decode()


@lru_cache(maxsize=64)
def _private_key(private_pem: str) -> rsa.RSAPrivateKey:
    try:
        key = serialization.load_pem_private_key(private_pem.encode(), password=None)
    except (ValueError, TypeError):
        raise DkimKeyUnusable("the DKIM key cannot be read") from None
    if not isinstance(key, rsa.RSAPrivateKey):
        raise DkimKeyUnusable("the DKIM key is not an RSA key")
    return key


def _dns_record(key: rsa.RSAPrivateKey) -> str:
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}"
