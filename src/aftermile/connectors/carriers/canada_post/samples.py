"""A parcel from Ottawa to Calgary, as Canada Post would tell it."""

from __future__ import annotations

from aftermile.connectors.contracts.facts import ProblemKind
from aftermile.connectors.contracts.samples import Samples


def _message(code: str, description: str) -> bytes:
    return (
        '<messages xmlns="http://www.canadapost.ca/ws/messages"><message>'
        f"<code>{code}</code><description>{description}</description></message></messages>"
    ).encode()


def _occurrence(code: str, day: str, clock: str, zone: str, site: str, province: str, text: str) -> str:
    return (
        f"<occurrence><event-identifier>{code}</event-identifier><event-date>{day}</event-date>"
        f"<event-time>{clock}</event-time><event-time-zone>{zone}</event-time-zone>"
        f"<event-description>{text}</event-description><signatory-name/>"
        f"<event-site>{site}</event-site><event-province>{province}</event-province></occurrence>"
    )


samples = Samples(
    answer=(
        '<tracking-detail xmlns="http://www.canadapost.ca/ws/track-v2"><pin>8264059713306417</pin>'
        "<destination-postal-id>T2P1A1</destination-postal-id>"
        "<expected-delivery-date>2026-03-06</expected-delivery-date>"
        "<service-name>Xpresspost</service-name><significant-events>"
        + _occurrence("0174", "2026-03-06", "07:50:11", "MST", "CALGARY", "AB", "Out for delivery")
        + _occurrence("0100", "2026-03-05", "23:10:00", "MST", "CALGARY", "AB", "Processed")
        + _occurrence("1302", "2026-03-04", "16:02:40", "EST", "OTTAWA", "ON", "Accepted")
        + "</significant-events></tracking-detail>"
    ).encode(),
    scans="significant-events/occurrence",
    code=("event-identifier",),
    moment=("event-date", "event-time"),
    description="event-description",
    place="event-site",
    errors={
        ProblemKind.NOT_FOUND: _message("004", "No history"),
        ProblemKind.UNAUTHORIZED: _message("E002", "Authentication failure"),
        ProblemKind.RATE_LIMITED: _message("Server", "Rejected by SLM Monitor"),
    },
)
