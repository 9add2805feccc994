"""Twilio: SMS and WhatsApp, with receipts and replies."""

from __future__ import annotations

from aftermile.connectors.channels.twilio.calls import outcome, request
from aftermile.connectors.channels.twilio.receipts import receipts
from aftermile.connectors.channels.twilio.signature import verify
from aftermile.connectors.contracts.channels import Channel, Medium
from aftermile.connectors.contracts.sockets import CredentialField

channel = Channel(
    slug="twilio",
    name="Twilio",
    media=(Medium.SMS, Medium.WHATSAPP),
    request=request,
    outcome=outcome,
    verify=verify,
    receipts=receipts,
    credentials=(
        CredentialField(name="account_sid", label="Account SID", secret=False),
        CredentialField(
            name="auth_token", label="Auth token", help="Also proves that receipts are Twilio's."
        ),
        CredentialField(
            name="messaging_service_sid",
            label="Messaging service",
            help="Its SID begins with MG. Chooses a sender by country, for SMS and WhatsApp.",
            secret=False,
            required=False,
        ),
        CredentialField(
            name="sms_sender",
            label="SMS sender",
            help="Such as +4915112345678.",
            secret=False,
            required=False,
        ),
        CredentialField(name="whatsapp_sender", label="WhatsApp sender", secret=False, required=False),
    ),
    setup=(
        "In the Twilio Console, copy Account SID and Auth Token.",
        "Enter a messaging service, or the numbers you send from.",
        "At the messaging service or number, enter this address for incoming messages: {address}",
    ),
    website="https://www.twilio.com",
)
