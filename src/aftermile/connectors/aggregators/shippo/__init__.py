"""Shippo: track webhooks. It cannot be asked by number alone (a carrier is part of the address)."""

from __future__ import annotations

from aftermile.connectors.aggregators.shippo.reader import translate
from aftermile.connectors.aggregators.shippo.signature import verify
from aftermile.connectors.contracts.sockets import Connector, ConnectorKind, CredentialField

connector = Connector(
    slug="shippo",
    name="Shippo",
    kind=ConnectorKind.AGGREGATOR,
    translate=translate,
    verify=verify,
    credentials=(
        CredentialField(
            name="webhook_secret",
            label="HMAC secret",
            help="Shippo turns signatures on when asked. With it, the token below is not looked at.",
            required=False,
        ),
        CredentialField(
            name="webhook_token",
            label="Webhook token",
            help="A long random word of your own, written as ?token=... behind the webhook address.",
            required=False,
            ours=True,
        ),
    ),
    setup=(
        "In Shippo, open Settings, API, Webhooks and add one with the event type Track Updated, Live.",
        "As URL enter our address with the token behind it, as ?token=...: {address}",
    ),
    website="https://goshippo.com",
)
