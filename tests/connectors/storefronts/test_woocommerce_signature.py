from __future__ import annotations

import base64
import hashlib
import hmac

import pytest

from aftermile.connectors.contracts.sockets import Accepted, Acknowledged, Refused
from aftermile.connectors.storefronts.woocommerce.signature import decoded_secret, verify
from tests.connectors.storefronts.reading import post

BODY = b'{"id":77}'


def signed(secret: str, body: bytes = BODY) -> dict[str, str]:
    digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    return {
        "x-wc-webhook-signature": base64.b64encode(digest).decode(),
        "x-wc-webhook-topic": "order.updated",
        "x-wc-webhook-delivery-id": "5e0c",
    }


def test_a_signed_webhook_is_accepted() -> None:
    assert verify(post(signed("s3cret"), BODY), {"secret": "s3cret"}) == Accepted(
        kind="order.updated", external_id=f"5e0c:{hashlib.sha256(BODY).hexdigest()[:16]}"
    )


def test_the_secret_signs_as_wordpress_decodes_it() -> None:
    stored = "a&amp;b&lt;c&#039;d&quot;e &copy; &amp;lt;"
    typed = "a&b<c'd\"e &copy; &lt;"

    assert decoded_secret(stored) == typed
    assert isinstance(verify(post(signed(typed), BODY), {"secret": stored}), Accepted)


def test_two_orders_of_one_second_share_a_delivery_id_and_are_both_kept() -> None:
    other = b'{"id":78}'
    verdicts = [
        verify(post(signed("s3cret", body), body), {"secret": "s3cret"}) for body in (BODY, other, BODY)
    ]
    first, second, again = (verdict.external_id for verdict in verdicts if isinstance(verdict, Accepted))

    assert first == again != second


def test_the_unsigned_ping_is_answered_and_not_kept() -> None:
    assert isinstance(verify(post({}, b"webhook_id=12"), {"secret": "s3cret"}), Acknowledged)


@pytest.mark.parametrize(
    ("headers", "body", "secret"),
    [
        ({}, BODY, "s3cret"),
        ({}, b"webhook_id=12&id=77", "s3cret"),
        (signed("s3cret"), b"webhook_id=12", "s3cret"),
        (signed("s3cret"), BODY + b"\n", "s3cret"),
        (signed(""), BODY, ""),
    ],
)
def test_what_does_not_prove_its_origin_is_refused(headers: dict[str, str], body: bytes, secret: str) -> None:
    assert isinstance(verify(post(headers, body), {"secret": secret}), Refused)
