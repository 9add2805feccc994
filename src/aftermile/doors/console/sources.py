"""What is said about the sources of a shop: how a connection fares and what to do, and why a record is put aside."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from aftermile.connectors.contracts.facts import ProblemKind
from aftermile.connectors.contracts.sockets import Connector, ConnectorKind
from aftermile.connectors.registry import UnknownConnector, connector
from aftermile.intake.public import Arriving, Fare, ProblemView, RecordStatus, Standing

#: Tone (marks.py) and word.
FARES: dict[Fare, tuple[str, str]] = {
    Fare.WORKING: ("ok", "Working"),
    Fare.SILENT: ("watch", "Silent longer than usual"),
    Fare.FAILING: ("broken", "Failing"),
    Fare.NEVER_HEARD: ("calm", "Nothing came yet"),
    Fare.OFF: ("calm", "Off"),
}
STATUSES: dict[str, tuple[str, str]] = {
    RecordStatus.PENDING: ("watch", "Waiting to be read"),
    RecordStatus.DIGESTED: ("ok", "Read"),
    RecordStatus.QUARANTINED: ("broken", "In quarantine"),
    RecordStatus.ERASED: ("calm", "Erased"),
}
KINDS: dict[ConnectorKind, str] = {
    ConnectorKind.STOREFRONT: "Your shop",
    ConnectorKind.AGGREGATOR: "Tracking services for many carriers",
    ConnectorKind.CARRIER: "Carriers",
}
ORIGINS = {
    "webhook": "Sent to us",
    "poll": "Asked by us",
    "backfill": "Fetched as history",
}


@dataclass(frozen=True, slots=True)
class Advice:
    """What something means, what to do, and where."""

    says: str
    step: str
    link: str = ""  # the name of what to open: "setup", "credentials", "quarantine" or nothing


def connector_of(slug: str) -> Connector | None:
    """Return a connector; None when the package it came in is no longer installed."""
    try:
        return connector(slug)
    except UnknownConnector:
        return None


def connector_name(slug: str) -> str:
    """Return what a connector is called."""
    plug = connector_of(slug)
    return plug.name if plug else slug


def next_step(standing: Standing) -> Advice | None:
    """Say what to do about a connection; None when there is nothing to do."""
    plug, name = connector_of(standing.connector), connector_name(standing.connector)
    match standing.fare:
        case Fare.OFF:
            return Advice("Its address answers nobody.", "Switch it on again")
        case Fare.FAILING if _is_refusing(standing):
            return Advice(refusal_in_words(standing.last_refusal), "Replace the secret", "credentials")
        case Fare.FAILING if standing.problem_at is not None:
            return Advice(f"{name} refuses our key.", "Replace the credentials", "credentials")
        case Fare.FAILING:
            return Advice("Most of what came today cannot be read.", "See why", "quarantine")
        case Fare.SILENT:
            usual = f"; usually something comes {every(standing.usual_pause)}" if standing.usual_pause else ""
            return Advice(f"Nothing came for longer than usual{usual}.", f"Check it at {name}", "setup")
        case Fare.NEVER_HEARD if plug is not None and plug.verify is None:
            return Advice("It is asked as soon as a parcel of its is on the way.", "")
        case Fare.NEVER_HEARD:
            return Advice("It waits for its first event.", "Finish setting it up", "setup")
    if standing.today.quarantined:
        return Advice("Some of what came today cannot be read.", "See why", "quarantine")
    if standing.waiting >= 100:
        return Advice("Much waits to be read; the worker is behind or not running.", "")
    return None


def arriving_in_words(arriving: Arriving, at: datetime) -> tuple[str, str] | None:
    """Say in one sentence how all sources fare, with its tone; None without any."""
    if not arriving.total:
        return None
    failing, silent = arriving.by_fare[Fare.FAILING], arriving.by_fare[Fare.SILENT]
    new, total = arriving.by_fare[Fare.NEVER_HEARD], arriving.total
    last = f" Last event {ago(at - arriving.last_at)}." if arriving.last_at else ""
    if failing:
        return "broken", f"{failing} of {total} {_sources(total)} {_is(failing)} failing.{last}"
    if silent:
        return "watch", f"{silent} of {total} {_sources(total)} {_is(silent)} silent longer than usual.{last}"
    if new == total:
        return "calm", f"{total} {_sources(total)} {'waits' if total == 1 else 'wait'} for a first event."
    heard = total - new
    which = (
        "The source is"
        if total == 1
        else f"All {total} sources are"
        if not new
        else f"{heard} of {total} sources are"
    )
    return "ok", f"{which} arriving.{last}"


def ago(gone: timedelta) -> str:
    """Say how long ago, to the second below a minute."""
    seconds = max(0, int(gone.total_seconds()))
    if seconds < 2:
        return "just now"
    return f"{span(timedelta(seconds=seconds))} ago"


def span(length: timedelta | None) -> str:
    """Say a length of time in its largest unit: 9 seconds, 4 hours."""
    seconds = max(1, round(length.total_seconds())) if length else 1
    for unit, size in (("day", 86_400), ("hour", 3600), ("minute", 60)):
        if seconds >= size:
            count = round(seconds / size)
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return f"{seconds} second{'' if seconds == 1 else 's'}"


def every(length: timedelta | None) -> str:
    """Say how often: every hour, every 3 hours."""
    said = span(length)
    return f"every {said.removeprefix('1 ')}"


def refusal_in_words(why: str) -> str:
    """Say why requests are turned away at the door."""
    for pattern, said in _REFUSALS:
        if re.search(pattern, why, re.IGNORECASE):
            return said
    return f"Requests are turned away: {why}." if why else "Requests are turned away."


def reason_in_words(reason: str, name: str) -> Advice:
    """Say why a record is in quarantine, and what to do about it.

    :param name: what the connector is called.
    """
    for pattern, says, step in _REASONS:
        if re.search(pattern, reason):
            return Advice(says.replace("{name}", name), step.replace("{name}", name))
    return Advice(
        "It cannot be read as it is.",
        "Look at the raw data below. After an update that knows it, replay it; nothing is lost meanwhile.",
    )


def problem_in_words(problem: ProblemView, name: str) -> Advice:
    """Say what a carrier's answer means, and what to do about it."""
    says, step = _PROBLEMS.get(problem.kind, _PROBLEMS[ProblemKind.OTHER])
    return Advice(says.replace("{name}", name), step.replace("{name}", name))


def unknown_in_words(what: str) -> str:
    """Say what a word without a meaning does, and what to do about it."""
    return _UNKNOWN.get(what, "It was left out; the rest of the record was read.")


def _is_refusing(standing: Standing) -> bool:
    refused = standing.refused_at
    return refused is not None and (standing.last_at is None or refused > standing.last_at)


def _sources(count: int) -> str:
    return "source" if count == 1 else "sources"


def _is(count: int) -> str:
    return "is" if count == 1 else "are"


_REFUSALS = (
    (r"another shop", "What arrives was sent for another shop than the one of this connection."),
    (
        r"has (no|neither).*secret|no secret|no Track Alert credential",
        "It has no secret to check the sender by, so everything is turned away.",
    ),
    (
        r"signed more than",
        "What arrives was signed too long ago: a clock is wrong, or it is somebody's copy.",
    ),
    (
        r"no .*(header|signature)|no .* of the form",
        "What arrives is not signed: it comes from somebody else, or the webhook was made without a secret.",
    ),
    (
        r"match|credential header|token in the address",
        "What arrives is signed with another secret than the one kept here.",
    ),
    (r"sends no webhooks", "This carrier sends nothing by itself; whatever came was not from there."),
)

_AGAIN = "Nothing is lost: the record stays here."
_REASONS = (
    (
        r"The connector .* failed on it",
        "Our reader for {name} tripped over it. That is a fault of ours.",
        f"Update Aftermile, then replay it; if it comes back, report it with the downloaded file. {_AGAIN}",
    ),
    (
        r"Taking it in failed",
        "It was read, but what it tells could not be written down.",
        f"Replay it: mostly that helps. If it comes back, report it with the downloaded file. {_AGAIN}",
    ),
    (
        r"authToken|not a token answer",
        "{name} gave us no token: it refuses the credentials.",
        "Replace the credentials of the connection. It is asked again by itself.",
    ),
    (
        r"sent no (webhooks|orders|products|customers)",
        "{name} answered our question for history with something else.",
        "Check that the key may read orders, products and customers, then fetch the history again.",
    ),
    (
        r"privacy request that names nobody",
        "Somebody asks to see or erase their data, but the request names nobody.",
        "Ask {name} who is meant, then find the shopper under Settings, A shopper's data.",
    ),
    (
        r"without an? (\w+_)?id\b|without trackingNumber",
        "It does not say which order or parcel it is about.",
        "A test sent from {name}'s settings looks so and needs nothing. If real events do, update Aftermile and replay them.",
    ),
    (
        r"not readable XML|SOAP envelope|in the envelope|is no answer of|neither XML",
        "It is not the XML that {name} answers with; most often it is an error page.",
        "It is asked again by itself. If all answers look so for a day, check the credentials.",
    ),
    (
        r"not JSON|JSON object was expected|not UTF-8|nested deeper",
        "It is not JSON, or cut off; most often it is an error page, or a test sent by hand.",
        "Check that the webhook's format at {name} is JSON. {name} sends what was meant again, or fetch the history.",
    ),
    (
        r"neither .+|no answer of",
        "It is JSON, but not what {name} sends.",
        "Check that our address was pasted for {name} and nothing else. If it was, update Aftermile and replay it.",
    ),
)

_PROBLEMS: dict[str, tuple[str, str]] = {
    ProblemKind.UNAUTHORIZED: ("{name} refuses our key.", "Replace the credentials of the connection."),
    ProblemKind.RATE_LIMITED: (
        "{name} was asked more often than it allows.",
        "Nothing to do: it is asked more slowly. Ask {name} for a higher limit if parcels lag behind.",
    ),
    ProblemKind.UNAVAILABLE: ("{name} could not answer.", "Nothing to do: it is asked again by itself."),
    ProblemKind.NOT_FOUND: (
        "{name} does not know the number yet.",
        "Nothing to do for a day or two; then check the number, or whether the parcel was handed over.",
    ),
    ProblemKind.INVALID_NUMBER: (
        "{name} says that this is no number of its.",
        "Check the number at the order; perhaps another carrier has the parcel.",
    ),
    ProblemKind.OTHER: ("{name} answered with an error.", "It is asked again by itself."),
}

_UNKNOWN = {
    "topic": "An event we make no use of. Leave it out of the webhooks there, or let it come: it costs nothing.",
    "status": "A status without a meaning here. Shoppers read the carrier's own words; the milestone does not move. Report it.",
    "scan": "A scan that could not be read, mostly its time. The others were.",
    "moment": "A time that could not be read.",
    "carrier": "A carrier's name nobody here knows. The parcel goes by its number alone; report the name.",
    "order status": "A status of your shop's own making. The order stays open until another word comes.",
    "fulfilment status": "A status of your shop's own making. The parcel's scans decide.",
    "parcel": "A part of an answer that names no parcel.",
    "order line": "A line of an order that could not be read. The order was.",
    "country": "A country that is none. The address was read without it.",
}
