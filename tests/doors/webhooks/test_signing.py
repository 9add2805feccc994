"""Signatures that receivers' own libraries accept."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from aftermile.doors.webhooks.signing import (
    WebhookSecretUnusable,
    aftership_signature,
    check_secret,
    new_secret,
    standard_signature,
)
from aftermile.doors.webhooks.states import Format
from aftermile.kernel.clock import now


def test_the_published_vector() -> None:
    signature = standard_signature(
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        at=datetime.fromtimestamp(1614265330, UTC),
        body='{"test": 2432232314}',
    )
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_while_two_secrets_sign_either_verifies() -> None:
    old, new, strange = (new_secret(Format.STANDARD) for _ in range(3))
    at = now()
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": standard_signature([new, old], message_id="msg_1", at=at, body='{"ä":1}'),
    }
    assert Webhook(old).verify('{"ä":1}', headers) == Webhook(new).verify('{"ä":1}', headers) == {"ä": 1}
    with pytest.raises(WebhookVerificationError):
        Webhook(strange).verify('{"ä":1}', headers)


def test_aftership_signs_the_raw_body() -> None:
    body = '{"msg":{"title":"Bücher"}}'.encode()
    expected = base64.b64encode(hmac.new(b"a secret", body, hashlib.sha256).digest()).decode()
    assert aftership_signature("a secret", body) == expected


@pytest.mark.parametrize("format_", Format)
def test_a_new_secret_is_one_that_could_have_been_brought_along(format_: Format) -> None:
    made = {new_secret(format_) for _ in range(20)}
    assert len(made) == 20
    for secret in made:
        check_secret(format_, secret)


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "whsec_",
        "whsec_" + base64.b64encode(b"x" * 23).decode(),
        "whsec_" + base64.b64encode(b"x" * 65).decode(),
        base64.b64encode(b"x" * 32).decode(),
        "whsec_" + "ä" * 40,
    ],
)
def test_a_secret_that_receivers_could_not_use_is_refused(secret: str) -> None:
    with pytest.raises(WebhookSecretUnusable):
        check_secret(Format.STANDARD, secret)


@pytest.mark.parametrize("secret", ["short", "x" * 201, "with\nline breaks and more", "ä" * 20])
def test_so_is_an_aftership_secret_of_odd_letters_or_length(secret: str) -> None:
    with pytest.raises(WebhookSecretUnusable):
        check_secret(Format.AFTERSHIP, secret)
