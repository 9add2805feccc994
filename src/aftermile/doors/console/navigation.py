"""The way around the console: its places, who may see them, and the numbers beside them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import NoReverseMatch

from aftermile.capabilities.team.public import Permission
from aftermile.doors.console.desk import Desk, Health


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of the navigation. `name` is what pages call themselves (`Page.place`)."""

    name: str
    label: str
    icon: str  # a symbol of static/console/icons.svg
    url_name: str
    permission: Permission


@dataclass(frozen=True, slots=True)
class Section:
    """A page of the settings."""

    name: str
    label: str
    about: str
    url_name: str
    permission: Permission


@dataclass(frozen=True, slots=True)
class Entry:
    """A place as it is drawn."""

    name: str
    label: str
    icon: str
    url: str
    count: int | None
    is_current: bool


_P = Permission

PLACES = (
    Place("home", "Home", "home", "console-home", _P.ORDERS_READ),
    Place("orders", "Orders", "orders", "console-orders", _P.ORDERS_READ),
    Place("shipments", "Shipments", "box", "console-shipments", _P.ORDERS_READ),
    Place("shoppers", "Shoppers", "person", "console-shoppers", _P.SHOPPERS_READ),
    Place("tasks", "Tasks", "check", "console-tasks", _P.EXCEPTIONS_ACT),
    Place("segments", "Segments", "team", "console-segments", _P.SHOPPERS_READ),
    Place("journeys", "Journeys", "path", "console-journeys", _P.ORDERS_READ),
    Place("messages", "Messages", "mail", "console-messages", _P.SHOPPERS_READ),
    Place("templates", "Templates", "edit", "console-templates", _P.MESSAGES_MANAGE),
    Place("content", "Content", "book", "console-content", _P.CONTENT_MANAGE),
    Place("scorecards", "Carriers", "truck", "console-scorecards", _P.INSIGHTS_READ),
    Place("connections", "Connections", "plug", "console-connections", _P.CONNECTIONS_READ),
    Place("records", "Inbound records", "inbox", "console-records", _P.CONNECTIONS_READ),
    Place("exports", "Exports", "download", "console-exports", _P.EXPORTS_MAKE),
)
#: The places from here on stand under a heading of their own.
HEADINGS = {"scorecards": "Understand", "connections": "Sources"}

SECTIONS = (
    Section("brand", "Brand", "Logo, colors, languages and contact on the shopper's pages.", "console-brand",
            _P.BRAND_MANAGE),
    Section("calendars", "Calendars and cut-offs", "When the warehouse works and the last truck leaves.",
            "console-calendars", _P.SETTINGS_MANAGE),
    Section("shipping", "Shipping", "Methods, zones, rates and transit times: the rules behind every delivery date.",
            "console-shipping", _P.SETTINGS_MANAGE),
    Section("boxes", "Boxes", "What orders are packed in, how large things are, and what choosing boxes saved.",
            "console-boxes", _P.SETTINGS_MANAGE),
    Section("thresholds", "Thresholds", "From when on a parcel is late, silent or lost, and needs a person.",
            "console-thresholds", _P.SETTINGS_MANAGE),
    Section("estimates", "Estimates", "Who is believed about when a parcel comes, and the models that say so.",
            "console-estimates", _P.SETTINGS_MANAGE),
    Section("messages", "Messages", "How much and when, and who is not written to at all.",
            "console-message-settings", _P.SETTINGS_MANAGE),
    Section("senders", "Senders", "Which channel carries messages, and in whose name.", "console-senders",
            _P.SETTINGS_MANAGE),
    Section("team", "Team", "Who works here, and in which role.", "console-team", _P.TEAM_MANAGE),
    Section("keys", "API keys", "Keys for programs of yours.", "console-keys", _P.API_KEYS_MANAGE),
    Section("webhooks", "Outgoing webhooks", "What other systems are told, and whether it arrived.",
            "console-webhooks", _P.WEBHOOKS_MANAGE),
    Section("retention", "Data retention", "How long raw data, events and the audit log are kept.",
            "console-retention", _P.SETTINGS_MANAGE),
    Section("privacy", "A shopper's data", "Export or erase everything about one shopper.", "console-privacy",
            _P.SHOPPERS_ERASE),
    Section("audit", "Audit log", "Every act in this shop, and who did it.", "console-audit", _P.AUDIT_READ),
)  # fmt: skip

#: By the name of a place: how many things wait there. Asked on every page, in the shop's scope, so one cheap query each.
COUNTS: dict[str, Callable[[], int]] = {}


def count_in_navigation(place: str, count: Callable[[], int]) -> None:
    """Show a number beside a place; called once by the module of its page when it is imported."""
    COUNTS[place] = count


#: Says how the shop's sources fare; one entry at most, asked on every page in the shop's scope.
HEALTH: list[Callable[[], Health | None]] = []


def health_in_navigation(tell: Callable[[], Health | None]) -> None:
    """Show a sentence about the sources at the foot; called once by the connections' module when it is imported."""
    HEALTH[:] = [tell]


def entries(desk: Desk, current: str) -> list[tuple[str, list[Entry]]]:
    """Return the places a person may go to, under their headings (the first has none)."""
    groups: list[tuple[str, list[Entry]]] = [("", [])]
    for place in PLACES:
        if place.name in HEADINGS:
            groups.append((HEADINGS[place.name], []))
        url = _url(desk, place.url_name) if desk.may(place.permission) else ""
        if url:
            groups[-1][1].append(
                Entry(
                    place.name,
                    place.label,
                    place.icon,
                    url,
                    desk.counts.get(place.name),
                    place.name == current,
                )
            )
    return [group for group in groups if group[1]]


def sections(desk: Desk) -> list[tuple[Section, str]]:
    """Return the settings a person may change, each with its address."""
    found = [(section, _url(desk, section.url_name)) for section in SECTIONS if desk.may(section.permission)]
    return [(section, url) for section, url in found if url]


@dataclass(frozen=True, slots=True)
class SettingsEntry:
    """A section as it is drawn beside the one that is open."""

    label: str
    url: str
    is_current: bool


def settings_list(desk: Desk, current: str) -> list[SettingsEntry]:
    """Return the list of settings that stands beside each of them."""
    return [SettingsEntry(section.label, url, section.name == current) for section, url in sections(desk)]


def _url(desk: Desk, name: str) -> str:
    try:
        return desk.url(name)
    except NoReverseMatch:
        return ""  # a place whose pages this installation does not have
