from __future__ import annotations

import base64
import hashlib
import hmac

import pytest

from aftermile.connectors.contracts.sockets import Accepted, Refused
from aftermile.connectors.storefronts.shopify.signature import verify
from tests.connectors.storefronts.reading import post

BODY = '{"id":1,"note":"für dich"}'.encode()
CREDENTIALS = {"secret": "new-secret", "shop_domain": "https://Nest.myshopify.com/"}


def signed(secret: str, family: str = "x-shopify-", **more: str) -> dict[str, str]:
    digest = base64.b64encode(hmac.new(secret.encode(), BODY, hashlib.sha256).digest()).decode()
    headers = {
        "hmac-sha256": digest,
        "topic": "orders/create",
        "shop-domain": "nest.myshopify.com",
        "webhook-id": "b54557e4",
        **more,
    }
    return {family + name: value for name, value in headers.items()}


@pytest.mark.parametrize("family", ["x-shopify-", "shopify-"])
def test_a_signed_webhook_is_accepted_in_both_families_of_headers(family: str) -> None:
    assert verify(post(signed("new-secret", family), BODY), CREDENTIALS) == Accepted(
        kind="orders/create", external_id="b54557e4"
    )


def test_while_rotating_the_previous_secret_still_signs() -> None:
    rotating = {**CREDENTIALS, "previous_secret": "old-secret"}
    request = post(signed("old-secret"), BODY)

    assert verify(request, rotating) == Accepted(kind="orders/create", external_id="b54557e4")
    assert isinstance(verify(request, CREDENTIALS), Refused)


@pytest.mark.parametrize(
    ("headers", "body", "credentials"),
    [
        ({}, BODY, CREDENTIALS),
        (signed("new-secret"), BODY + b" ", CREDENTIALS),
        (signed("somebody-else"), BODY, CREDENTIALS),
        ({**signed("new-secret"), "x-shopify-hmac-sha256": "ümlaut"}, BODY, CREDENTIALS),
        (signed("new-secret"), BODY, {}),
        (signed(""), BODY, {"secret": "", "previous_secret": ""}),
        (signed("new-secret", **{"shop-domain": "other.myshopify.com"}), BODY, CREDENTIALS),
    ],
)
def test_what_does_not_prove_its_origin_is_refused(
    headers: dict[str, str], body: bytes, credentials: dict[str, str]
) -> None:
    assert isinstance(verify(post(headers, body), credentials), Refused)


def test_without_a_known_domain_any_shop_of_the_app_may_send() -> None:
    request = post(signed("new-secret", **{"shop-domain": "other.myshopify.com"}), BODY)
    assert isinstance(verify(request, {"secret": "new-secret"}), Accepted)
