"""A mailbox that is fetched from, as a plain value."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class ImapMailbox:
    """A folder at a mail server, read over IMAP under TLS. `ca_file` names certificates to trust instead of the machine's."""

    host: str
    port: int = 993
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    ca_file: str = ""
