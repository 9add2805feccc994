"""A webhook as the simulator sends it."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID, uuid5

_IDS = UUID("6f1d1f4e-5a0b-4c0e-9d53-1a5f0f5b7d10")


class Sender(StrEnum):
    STOREFRONT = "storefront"
    CARRIERS = "carriers"


@dataclass(frozen=True, slots=True)
class Webhook:
    """What is posted, and to whose address."""

    sender: Sender
    headers: Mapping[str, str]
    body: bytes


def signature(body: bytes, secret: str) -> str:
    """Return base64 of HMAC-SHA256 over the body, as both Shopify and AfterShip sign."""
    return base64.b64encode(hmac.digest(secret.encode(), body, "sha256")).decode()


def sender_id(*parts: object) -> str:
    """Return the sender's own id of a webhook: the same for the same parts."""
    return str(uuid5(_IDS, "/".join(map(str, parts))))
