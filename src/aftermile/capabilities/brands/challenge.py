"""The proof that a host leads to this installation.

Asked at `PATH` of the host with a fresh nonce, the installation answers with the host it was addressed by and a
seal over host, shop and nonce that only who has its secret key can make. A copied answer proves nothing.
"""

from __future__ import annotations

import hmac
import json
import re
from dataclasses import dataclass
from uuid import UUID

from django.utils.crypto import salted_hmac

PATH = "/.well-known/aftermile"
_NONCE = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a host answered, as far as it could be read."""

    host: str
    is_ours: bool


def is_nonce(text: str) -> bool:
    return _NONCE.fullmatch(text) is not None


def answer(*, host: str, merchant_id: UUID, nonce: str) -> str:
    """Write what the installation answers when asked under a host name."""
    return json.dumps({"host": host, "seal": _seal(host, merchant_id, nonce)})


def read_answer(body: bytes, *, merchant_id: UUID, nonce: str) -> Answer:
    """Read an answer; anything at all may have come."""
    try:
        told = json.loads(body)
        host, seal = str(told["host"]), str(told["seal"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return Answer("", is_ours=False)
    expected = _seal(host, merchant_id, nonce)
    return Answer(host, is_ours=hmac.compare_digest(seal.encode(), expected.encode()))


def _seal(host: str, merchant_id: UUID, nonce: str) -> str:
    content = f"{host}|{merchant_id.hex}|{nonce}"
    return salted_hmac("aftermile.brands.challenge", content, algorithm="sha256").hexdigest()
