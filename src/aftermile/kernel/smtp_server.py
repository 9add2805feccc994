"""A mail server and how it is spoken to, as a plain value."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Security(StrEnum):
    """How a connection is protected."""

    STARTTLS = "starttls"  # begins plain, must become TLS before anything else is said
    TLS = "tls"
    NONE = "none"  # for a server on this machine or a trusted network; never with a password


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpServer:
    """A mail server and how it is spoken to. `ca_file` names certificates to trust instead of the machine's."""

    host: str
    port: int = 587
    security: Security = Security.STARTTLS
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: str = ""
    named_by_operator: bool = False
