"""E-mail over a mail server of one's own or a provider's SMTP entrance."""

from __future__ import annotations

from collections.abc import Mapping

from aftermile.connectors.channels.smtp.returned import receipts
from aftermile.connectors.contracts.channels import Channel, Medium
from aftermile.connectors.contracts.reading import text
from aftermile.connectors.contracts.sockets import CredentialField
from aftermile.kernel.smtp_server import Security, SmtpServer


def server(credentials: Mapping[str, str]) -> SmtpServer:
    """Return the server that a connection's credentials name; an unknown kind of security means STARTTLS.

    `named_by_operator` ("yes") and `ca_file` are no fields of the form: they come from the configuration alone.
    """
    port = credentials.get("port", "").strip()
    security = text(credentials.get("security")).lower()
    return SmtpServer(
        host=credentials["host"].strip(),
        # 0 is no port of mail: the pool says so, and no letter is lost over a typing error.
        port=(int(port) if port.isascii() and port.isdigit() else 0) if port else 587,
        security=Security(security) if security in set(Security) else Security.STARTTLS,
        user=credentials.get("user", ""),
        password=credentials.get("password", ""),
        ca_file=credentials.get("ca_file", ""),
        named_by_operator=credentials.get("named_by_operator", "") == "yes",
    )


channel = Channel(
    slug="smtp",
    name="SMTP",
    media=(Medium.EMAIL,),
    smtp=server,
    receipts=receipts,
    credentials=(
        CredentialField(name="host", label="Server", help="Such as smtp.example.com.", secret=False),
        CredentialField(
            name="port", label="Port", help="587, or 465 with TLS.", secret=False, required=False
        ),
        CredentialField(
            name="security",
            label="Security",
            help="starttls, tls, or none for a server on the same machine.",
            secret=False,
            required=False,
        ),
        CredentialField(name="user", label="User", secret=False, required=False),
        CredentialField(name="password", label="Password", required=False),
    ),
    setup=(
        "Enter the server, user and password your mail provider gives you.",
        "Publish the DKIM record shown at the sender, and an SPF record that names the server.",
        "Let undeliverable mail for the sender's bounce address arrive in a mailbox we read.",
    ),
)
