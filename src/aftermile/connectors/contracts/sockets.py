"""The sockets a connector plugs into: how a request is verified, a record read, a carrier asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from aftermile.connectors.contracts.facts import Translation


class ConnectorKind(StrEnum):
    CARRIER = "carrier"
    AGGREGATOR = "aggregator"
    STOREFRONT = "storefront"


class Unreadable(ValueError):
    """A body that cannot be read at all. The message is shown to staff: say what is wrong with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialField:
    """One thing an operator types when making a connection."""

    name: str
    label: str
    help: str = ""
    secret: bool = True  # secrets are encrypted at rest and never shown again
    required: bool = True
    ours: bool = False  # a word we may make up ourselves, to be pasted at the other side
    #: The title of fields that belong together and may all be left out: what is required is so once one of them is given.
    group: str = ""
    names_host: bool = False  # who is told the secrets of its group


def told_to_another_host(
    fields: Iterable[CredentialField], before: Mapping[str, str], after: Mapping[str, str]
) -> frozenset[str]:
    """Name the secrets that were given for another host than the one they would be told to now.

    Who may change the host's name must not have the kept secret sent to a host of theirs.
    """
    fields = tuple(fields)
    moved = {
        each.group
        for each in fields
        if each.names_host and _host(after, each.name) and _host(after, each.name) != _host(before, each.name)
    }
    return frozenset(each.name for each in fields if each.secret and not each.ours and each.group in moved)


def _host(credentials: Mapping[str, str], name: str) -> str:
    return credentials.get(name, "").strip().rstrip("/").lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundRequest:
    """A webhook as it came. Header names are lower case."""

    method: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """Keep the request. `external_id` is the sender's own id for it ("" : its content decides)."""

    kind: str = ""  # the sender's topic or event name
    external_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledged:
    """Answer 2xx and keep nothing: a ping."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Answer 401 and count: the request is not from whom it claims to be."""

    why: str


Verdict = Accepted | Acknowledged | Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class RawRecord:
    """A stored record as its connector reads it back."""

    kind: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    received_at: datetime
    settings: Mapping[str, str] = field(default_factory=dict)  # the connection's non-secret credentials


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboundRequest:
    """A request for the kernel's HTTP client to send. Connectors never open a socket themselves."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    params: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class PollLimits:
    """What the carrier allows; the scheduler keeps within it."""

    numbers_per_request: int = 1
    requests_per_minute: int = 60
    every: timedelta = timedelta(hours=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """How to ask a carrier about parcels. Answers are stored raw and read by `Connector.translate`.

    `authorize` is for carriers that want a token first: it makes the token request and `token_of` reads
    the answer as (token, seconds it lives); the token then comes to `request` in its `token` argument.
    `needs` names the credentials that are optional for a connection and without which it asks nobody.
    """

    request: Callable[[Sequence[str], Mapping[str, str], str], OutboundRequest]
    limits: PollLimits = PollLimits()
    needs: tuple[str, ...] = ()
    authorize: Callable[[Mapping[str, str]], OutboundRequest] | None = None
    token_of: Callable[[bytes], tuple[str, int]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BackfillPage:
    """One page of history: raw records to store as if they had come by webhook, and where to go on."""

    records: tuple[tuple[str, str, bytes], ...]  # (kind, external_id, body)
    cursor: str = ""  # "" when this was the last page


@dataclass(frozen=True, slots=True, kw_only=True)
class Backfill:
    """How to fetch a storefront's history, page by page, and register our webhooks there.

    `registered` asks for the webhooks there are, for storefronts that would make a second one of the same;
    the answer's body comes to `register`, which is given b"" otherwise.
    """

    request: Callable[[Mapping[str, str], str, datetime], OutboundRequest]  # credentials, cursor, since
    page: Callable[[bytes, Mapping[str, str], str], BackfillPage]  # body, response headers, cursor
    registered: Callable[[Mapping[str, str]], OutboundRequest] | None = None  # credentials
    register: Callable[[Mapping[str, str], str, str, bytes], Sequence[OutboundRequest]] | None = None
    # credentials, our address, shared secret, what is registered


@dataclass(frozen=True, slots=True, kw_only=True)
class Connector:
    """One plug. `slug` is its folder's name with dashes, unique among all connectors."""

    slug: str
    name: str
    kind: ConnectorKind
    translate: Callable[[RawRecord], Translation]
    verify: Callable[[InboundRequest, Mapping[str, str]], Verdict] | None = None
    credentials: tuple[CredentialField, ...] = ()
    poll: Poll | None = None
    backfill: Backfill | None = None
    tracking_url: str = ""  # "https://...{tracking_number}"
    aliases: tuple[str, ...] = ()  # other names sources use for this carrier, lower case
    countries: tuple[str, ...] = ()  # where it collects parcels; empty: anywhere
    #: What an operator does at the other side, one act a step, in plain words. The step at which our address is
    #: pasted there says {address}.
    setup: tuple[str, ...] = ()
    home_time_zone: str = ""  # IANA; read local times without a place in it
    website: str = ""
    phone: str = ""
