"""Amazon SES: e-mail, with receipts by Amazon SNS."""

from __future__ import annotations

from aftermile.connectors.channels.amazon_ses.calls import outcome, request
from aftermile.connectors.channels.amazon_ses.receipts import confirmation, receipts, verify
from aftermile.connectors.contracts.channels import Channel, Medium
from aftermile.connectors.contracts.sockets import CredentialField

channel = Channel(
    slug="amazon-ses",
    name="Amazon SES",
    media=(Medium.EMAIL,),
    request=request,
    outcome=outcome,
    verify=verify,
    receipts=receipts,
    confirms=confirmation,
    credentials=(
        CredentialField(name="region", label="Region", help="Such as eu-central-1.", secret=False),
        CredentialField(name="access_key_id", label="Access key ID", secret=False),
        CredentialField(name="secret_access_key", label="Secret access key"),
        CredentialField(name="configuration_set", label="Configuration set", secret=False, required=False),
        CredentialField(
            name="webhook_token",
            label="Token for receipts",
            help="A long random word, written as ?token=... behind the address given to SNS.",
            ours=True,
        ),
    ),
    setup=(
        "In AWS, make an access key that may do ses:SendEmail and nothing else.",
        "Make a configuration set with an event destination of Amazon SNS, for every event.",
        "Subscribe this address to the topic over HTTPS, with ?token=... behind it: {address}",
        "SNS asks to confirm the subscription; that is done for you within a minute.",
    ),
    website="https://aws.amazon.com/ses/",
)
