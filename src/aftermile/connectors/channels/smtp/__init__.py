"""E-mail over a mail server of one's own or a provider's SMTP entrance."""

from __future__ import annotations

from collections.abc import Mapping

from aftermile.connectors.channels.smtp.returned import receipts
from aftermile.connectors.contracts.channels import Channel, Medium
from aftermile.connectors.contracts.reading import text
from aftermile.connectors.contracts.sockets import CredentialField
from aftermile.kernel.imap_mailbox import ImapMailbox
from aftermile.kernel.smtp_server import Security, SmtpServer

_MAILBOX = "Mailbox for what comes back"


def server(credentials: Mapping[str, str]) -> SmtpServer:
    """Return the server that a connection's credentials name; an unknown kind of security means STARTTLS.

    `named_by_operator` ("yes") and `ca_file` are no fields of the form: they come from the configuration alone.
    """
    security = text(credentials.get("security")).lower()
    return SmtpServer(
        host=credentials["host"].strip(),
        port=_port(credentials.get("port", ""), usual=587),
        security=Security(security) if security in set(Security) else Security.STARTTLS,
        user=credentials.get("user", ""),
        password=credentials.get("password", ""),
        ca_file=credentials.get("ca_file", ""),
        named_by_operator=credentials.get("named_by_operator", "") == "yes",
    )


def mailbox(credentials: Mapping[str, str]) -> ImapMailbox | None:
    """Return the mailbox that a connection's credentials name; None where they name none."""
    host = credentials.get("mailbox_host", "").strip()
    if not host:
        return None
    return ImapMailbox(
        host=host,
        port=_port(credentials.get("mailbox_port", ""), usual=993),
        user=credentials.get("mailbox_user", "").strip(),
        password=credentials.get("mailbox_password", ""),
        folder=credentials.get("mailbox_folder", "").strip() or "INBOX",
        ca_file=credentials.get("ca_file", ""),
    )


def _port(text: str, *, usual: int) -> int:
    """Read a port. 0 is no port of mail: whoever connects says so, and nothing is lost over a typing error."""
    port = text.strip()
    return (int(port) if port.isascii() and port.isdigit() else 0) if port else usual


channel = Channel(
    slug="smtp",
    name="SMTP",
    media=(Medium.EMAIL,),
    smtp=server,
    receipts=receipts,
    mailbox=mailbox,
    credentials=(
        CredentialField(
            name="host", label="Server", help="Such as smtp.example.com.", secret=False, names_host=True
        ),
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
        CredentialField(
            name="bounces_to",
            label="Undeliverable mail goes back to",
            help="Such as bounces@shop.example, where plus addresses arrive. Left empty: to the address above.",
            secret=False,
            required=False,
        ),
        CredentialField(
            name="mailbox_host",
            label="Mail server (IMAP)",
            help="Such as imap.example.com.",
            secret=False,
            names_host=True,
            group=_MAILBOX,
        ),
        CredentialField(
            name="mailbox_port",
            label="Port",
            help="993 unless said otherwise; always with TLS.",
            secret=False,
            required=False,
            group=_MAILBOX,
        ),
        CredentialField(name="mailbox_user", label="User", secret=False, group=_MAILBOX),
        CredentialField(name="mailbox_password", label="Password", group=_MAILBOX),
        CredentialField(
            name="mailbox_folder",
            label="Folder",
            help="INBOX unless said otherwise.",
            secret=False,
            required=False,
            group=_MAILBOX,
        ),
    ),
    setup=(
        "Enter the server, user and password your mail provider gives you.",
        "Publish the DKIM record shown at the sender, and an SPF record that names the server.",
        "Let undeliverable mail arrive in a mailbox of its own, and name that here: it is read every five minutes.",
    ),
)
