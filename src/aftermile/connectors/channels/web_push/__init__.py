"""Web push: notifications of the browser, without a company in between but the browser's own."""

from __future__ import annotations

from aftermile.connectors.channels.web_push.calls import browser_key, outcome, request
from aftermile.connectors.channels.web_push.calls import new_vapid_key as new_vapid_key
from aftermile.connectors.contracts.channels import Channel, Medium
from aftermile.connectors.contracts.sockets import CredentialField

channel = Channel(
    slug="web-push",
    name="Web push",
    media=(Medium.PUSH,),
    request=request,
    outcome=outcome,
    repeats_harmlessly=True,
    browser_key=browser_key,
    credentials=(
        CredentialField(name="private_key", label="Private key", help="Made by us.", ours=True),
        CredentialField(
            name="subject",
            label="Contact",
            help="Such as mailto:shop@example.com: push services write there when something is wrong.",
            secret=False,
        ),
    ),
)
