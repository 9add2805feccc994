"""The console's home: what needs a person, worked through from the top."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.http import HttpRequest, QueryDict
from django.urls import NoReverseMatch, path

from aftermile.capabilities.exceptions.public import (
    Act,
    Acted,
    Among,
    Counts,
    Ending,
    ExceptionNotFound,
    ExceptionRow,
    How,
    Kind,
    Measure,
    Refused,
    Tab,
    Why,
    assign,
    behind,
    carriers_of_open,
    count_open,
    counts,
    dismiss,
    exception,
    figures,
    first_of_each_group,
    incidents,
    kinds_of,
    mark_contacted,
    mark_lost,
    page,
    reopen,
    snooze,
    steps_of,
    undo,
    wake,
)
from aftermile.capabilities.search.public import Filters, find_orders, find_parcels
from aftermile.capabilities.shipments.public import OPEN_MILESTONES, count_parcels
from aftermile.capabilities.team.public import Permission, names_of, team
from aftermile.doors.console import words as console_words
from aftermile.doors.console.answers import public_url
from aftermile.doors.console.desk import Desk
from aftermile.doors.console.home import days, rows, words
from aftermile.doors.console.home.days import Here, counted, here_of
from aftermile.doors.console.home.figures import SHOWN, figure_view, figure_views
from aftermile.doors.console.home.state import HomeState, read_state
from aftermile.doors.console.home.unread import unread
from aftermile.doors.console.home.work import work_of
from aftermile.doors.console.navigation import count_in_navigation
from aftermile.doors.console.page import Crumb, Done, Note, Page, Undo
from aftermile.doors.console.pages import incidents as incident_pages
from aftermile.doors.console.paging import SIZE, Paging
from aftermile.doors.console.staff_only import act, back_to, console_page
from aftermile.kernel.errors import Invalid
from aftermile.kernel.ids import BadPublicId, public_id, read_public_id

#: Rows of each group before "more".
_FEW = 5
_MOST_CHOSEN = 500
#: How many orders and parcels a search may name.
_MOST_FOUND = 200
_TABS = {
    Tab.EVERYTHING: "Everything",
    Tab.MINE: "Mine",
    Tab.NOBODYS: "Nobody’s",
    Tab.PUT_OFF: "Put off until later",
    Tab.DONE_TODAY: "Done today",
}


class NothingChosen(Invalid):
    """An act was sent without a row it is for."""

    code = "nothing_chosen"
    message = "Choose a row first."


class ActUnknown(Invalid):
    """An act there is not, or one whose fields cannot be read."""

    code = "act_unknown"
    message = "This form could not be read. Load the page anew and try again."


@dataclass(frozen=True, slots=True)
class TabView:
    label: str
    url: str
    count: int
    is_current: bool


@dataclass(frozen=True, slots=True)
class Behind:
    """One parcel behind a figure."""

    order_label: str
    order_url: str
    who: str
    delivered: str
    promised: str
    way: str
    attempts: str
    carrier: str


@console_page(Permission.ORDERS_READ)
def home(request: HttpRequest, desk: Desk) -> Page:
    """Show what needs a person."""
    return _home(desk, read_state(request.GET))


@console_page(Permission.ORDERS_READ)
def one(request: HttpRequest, desk: Desk, exception_key: str) -> Page:
    """Show one exception with all that can be done about it; with htmx, that alone, below its row."""
    row = exception(_read_key(exception_key))
    here = _here(desk)
    back = _own(desk, request.GET.get("back", ""))
    seen = _seen(desk, here, back)
    steps = steps_of([row.exception.id])[row.exception.id]
    people = _people() if desk.may(Permission.EXCEPTIONS_ACT) else []
    order = row.order
    work = work_of(
        row,
        steps=steps,
        names=names_of({step.by for step in steps}),
        holder=seen.names.get(row.exception.assigned_to, "") if row.exception.assigned_to else "",
        here=here,
        shop=desk.merchant.name,
        signed=desk.person.name,
        page_url=public_url(f"/t/{order.page_token}") if order else "",
        shows_contacts=desk.may(Permission.SHOPPERS_READ),
    )
    drawn = rows.rows_of([row], seen=seen)
    word, _ = words.state_of(row, here)
    return Page(
        template="console/home/exception.html",
        title=f"{word}: {drawn.rows[0].order_label}",
        place="home",
        crumbs=(Crumb("Home", back), Crumb(drawn.rows[0].order_label)),
        values={
            "todo": drawn.rows[0],
            "drawn": drawn,
            "work": work,
            "people": people,
            "may_act": desk.may(Permission.EXCEPTIONS_ACT),
            "back": back,
            "about": words.GROUPS[row.exception.kind.group].about,
            "ended": _ended(row, here),
        },
        parts={f"work-{work.key}": "console/home/_work_in_list.html"},
    )


@console_page(Permission.ORDERS_READ)
def figure(request: HttpRequest, desk: Desk, measure: str) -> Page:  # noqa: ARG001
    """Show the days of a figure, and the parcels behind it."""
    if measure not in set(Measure):
        raise ExceptionNotFound("There is no such figure.")
    which, here = Measure(measure), _here(desk)
    found = behind(which, today=here.today, limit=SIZE)
    shows_names = desk.may(Permission.SHOPPERS_READ)
    listed = [
        Behind(
            order_label=(each.order.number or each.order.external_id)
            if each.order
            else (each.parcel.tracking_number if each.parcel else ""),
            order_url=_order_url(desk, public_id("ord", each.order.id)) if each.order else "",
            who=each.order.shopper.name if each.order and each.order.shopper and shows_names else "",
            delivered=days.short(each.arrival.delivered_on, here.today),
            promised=days.short(each.arrival.promised_latest, here.today)
            if each.arrival.promised_latest
            else "",
            way=f"{each.arrival.tenths / 10:.1f} days" if each.arrival.tenths is not None else "",
            attempts=str(each.parcel.attempt_count) if each.parcel else "",
            carrier=console_words.carrier(each.parcel.carrier) if each.parcel else "",
        )
        for each in found
    ]
    return Page(
        template="console/home/figure.html",
        title=SHOWN[which].label,
        place="home",
        crumbs=(Crumb("Home", desk.url("console-home")), Crumb(SHOWN[which].label)),
        values={
            "figure": figure_view(which, figures(today=here.today)),
            "behind": SHOWN[which].behind,
            "rows": listed,
            "is_cut": len(listed) == SIZE,
        },
    )


@act(Permission.EXCEPTIONS_ACT)
def do(request: HttpRequest, desk: Desk) -> Done:
    """Do one act to the rows that were chosen, and say what could not be done."""
    back = back_to(request, desk)
    seen = _chosen(request.POST.getlist("chosen"))
    here = _here(desk)
    named = request.POST.get("act", "")
    if named not in set(Act) - {Act.UNDO}:
        raise ActUnknown
    which = Act(named)
    acted, said = _act(which, seen, request.POST, desk, here)
    summary = _summary(acted)
    notes = (
        Note(
            act=f"exception.{which.value}",
            subject=public_id("exc", acted.changed[0]) if len(acted.changed) == 1 else "",
            summary=f"{said}: {summary}",
            details={"exceptions": [public_id("exc", each) for each in acted.changed]},
        ),
    )
    told = _told(said, len(acted.changed), acted.refused)
    return Done(
        said=told,
        tone="ok" if acted.changed and not acted.refused else "watch",
        back=back,
        notes=notes if acted.changed else (),
        undo=Undo(
            action=desk.url("console-exceptions-undo"),
            fields=(("action", acted.action_id.hex), ("back", back)),
        )
        if acted.changed
        else None,
        page=_home(desk, _state_of(back)),
    )


@act(Permission.EXCEPTIONS_ACT)
def take_back(request: HttpRequest, desk: Desk) -> Done:
    """Undo an act as a whole."""
    try:
        action_id = UUID(hex=request.POST.get("action", ""))
    except ValueError:
        raise ActUnknown from None
    acted = undo(action_id=action_id, by=desk.by, at=desk.at)
    return Done(
        said=_told("Undone", len(acted.changed), acted.refused),
        tone="ok" if acted.changed and not acted.refused else "watch",
        back=back_to(request, desk),
        notes=(
            Note(
                act="exception.undo",
                summary=f"Undone: {_summary(acted)}",
                details={"exceptions": [public_id("exc", each) for each in acted.changed]},
            ),
        )
        if acted.changed
        else (),
    )


def _act(which: Act, seen: Mapping[UUID, int], form: QueryDict, desk: Desk, here: Here) -> tuple[Acted, str]:
    given: dict[str, Any] = {"ids": list(seen), "seen": seen, "by": desk.by, "at": desk.at}
    note = form.get("note", "").strip()
    match which:
        case Act.SNOOZE:
            until = _moment(form, here)
            day = days.said(here.day(until), here.today)
            return snooze(until=until, reason=note, **given), f"Put off until {day}"
        case Act.WAKE:
            return wake(**given), "Taken up again"
        case Act.ASSIGN:
            to, name = _holder(form.get("to", ""), desk)
            return assign(to=to, **given), f"Given to {name}" if to else "Given to nobody"
        case Act.CONTACT:
            how = form.get("how", How.EMAIL.value)
            if how not in set(How):
                raise ActUnknown
            return mark_contacted(how=How(how), note=note, **given), "Marked as told"
        case Act.MARK_LOST:
            return mark_lost(note=note, **given), "Marked as lost"
        case Act.DISMISS:
            reason = note or form.get("reason", "")
            return dismiss(reason=reason, **given), "Settled"
        case Act.REOPEN:
            return reopen(**given), "Opened again"
        case _:
            raise ActUnknown


def _told(said: str, done: int, refused: Collection[Refused]) -> str:
    """Say what was done, and of what was not, why: who was faster, and what they made of it."""
    parts = []
    if done:
        parts.append(f"{said}." if done == 1 else f"{said}: {done:,}.")
    names = names_of({one.by for one in refused if one.by})
    parts += [_why(one, names.get(one.by, "")) for one in list(refused)[:3]]
    if len(refused) > 3:
        parts.append(f"{len(refused) - 3:,} more were left alone, too.")
    return " ".join(dict.fromkeys(parts)) or "Nothing was changed."


def _why(one: Refused, who: str) -> str:
    match one.why:
        case Why.DONE:
            ending = _BY_ITSELF.get(Ending(one.ending)) if one.ending else None
            return ending or (f"{who} had done that already." if who else "That was done already.")
        case Why.NOT_DONE:
            return f"{who} had opened it again." if who else "It is open already."
        case Why.CHANGED:
            return f"{who or 'Somebody'} changed one in the meantime; look again."
        case Why.BY_ITSELF:
            return "One ended by itself and would again."
        case Why.NO_PARCEL:
            return "An order without a parcel cannot be lost."
        case Why.REPLACED:
            return "Another problem of the same parcel is open already."
        case Why.MISSING:
            return "One is no longer there."


_BY_ITSELF = {
    Ending.MOVED: "One moved in the meantime and needs nobody.",
    Ending.DELIVERED: "One was delivered in the meantime.",
    Ending.SHIPPED: "One was shipped in the meantime.",
    Ending.CANCELLED: "One was cancelled in the meantime.",
    Ending.WITHDRAWN: "One is no longer tracked.",
    Ending.BECAME: "One became another problem in the meantime; look again.",
    Ending.GATHERED: "One stands still with many others now; look at their incident.",
    Ending.NO_LONGER: "One is no longer a problem.",
}


def _summary(acted: Acted) -> str:
    return counted(len(acted.changed), "exception")


def _home(desk: Desk, state: HomeState) -> Page:
    here = _here(desk)
    base = desk.url("console-home")
    now = counts(staff_member_id=desk.person.id, since=here.midnight)
    carriers = carriers_of_open()
    if state.carrier and state.carrier not in carriers:
        carriers.append(state.carrier)
    seen = _seen(desk, here, state.url(base, after=state.after))
    narrowed: dict[str, Any] = {
        "tab": state.tab,
        "staff_member_id": desk.person.id,
        "carrier": state.carrier,
        "among": _among(state.words),
        "since": here.midnight,
    }
    groups: list[rows.TodoGroup] = []
    listed: rows.Drawn | None = None
    paging: Paging | None = None
    is_list = state.group is not None or state.tab in (Tab.PUT_OFF, Tab.DONE_TODAY)
    if is_list:
        kinds = kinds_of(state.group) if state.group else tuple(Kind)
        found = page(kinds=kinds, offset=state.after, limit=SIZE + 1, **narrowed)
        listed = rows.rows_of(found[:SIZE], seen=seen)
        paging = Paging(
            SIZE,
            f"{state.after + 1:,} to {state.after + len(listed.rows):,}",
            state.url(base) if state.after else "",
            state.url(base, after=state.after + SIZE) if len(found) > SIZE else "",
        )
    else:
        first = first_of_each_group(limit=_FEW, **narrowed)
        groups = [
            rows.group_of(
                group,
                view.rows,
                total=view.total,
                more_url=state.url(base, group=group),
                seen=seen,
            )
            for group, view in first.items()
        ]
    aside = unread(desk) if state.tab is Tab.EVERYTHING and not (is_list or state.is_narrowed) else []
    under_way = count_parcels(milestones=[milestone.value for milestone in OPEN_MILESTONES], at_most=100_000)
    return Page(
        template="console/home/home.html",
        title=_headline(now, is_all_read=not aside),
        place="home",
        values={
            "headline": _headline(now, is_all_read=not aside),
            "open_count": now.open,
            "lead": _lead(now, under_way),
            "figures": figure_views(
                figures(today=here.today), url=lambda name: desk.url("console-figure", name)
            ),
            "tabs": [
                TabView(label, HomeState(tab=tab).url(base), _count(now, tab), tab is state.tab)
                for tab, label in _TABS.items()
            ],
            "state": state,
            "group": words.GROUPS[state.group] if state.group else None,
            "group_total": now.of(state.group) if state.group else 0,
            "all_groups_url": state.url(base, group=None),
            "clear_url": state.url(base, carrier="", words=""),
            "groups": groups,
            "incidents": [incident_pages.line(one, desk) for one in incidents()] if not is_list else [],
            "unread": aside,
            "may_replay": desk.may(Permission.CONNECTIONS_MANAGE),
            "listed": listed,
            "paging": paging,
            "carriers": [(slug, console_words.carrier(slug)) for slug in carriers],
            "people": _people() if desk.may(Permission.EXCEPTIONS_ACT) else [],
            "later": [(day.isoformat(), name) for day, name in days.later_days(here.today)],
            "may_act": desk.may(Permission.EXCEPTIONS_ACT),
            "back": state.url(base, after=state.after),
            "me": public_id("usr", desk.person.id),
            "at": desk.at,
        },
        parts={"home": "console/home/_home_in_place.html"},
    )


def _headline(now: Counts, *, is_all_read: bool) -> str:
    if not now.open:
        return "Nothing needs you" if is_all_read else "Something could not be read"
    return "1 thing needs a person" if now.open == 1 else f"{now.open:,} things need a person"


def _lead(now: Counts, under_way: int) -> str:
    if not under_way:
        return "No parcel is on its way."
    troubled = sum(count for kind, count in now.kinds.items() if kind is not Kind.NOT_SHIPPED)
    fine = max(0, under_way - troubled)
    if not fine:
        return f"{counted(under_way, 'parcel')} on the way."
    if fine == under_way:
        return f"{counted(under_way, 'parcel')} on the way, and all need nothing from you."
    return f"Of {counted(under_way, 'parcel')} on the way, {fine:,} need nothing from you."


def _count(now: Counts, tab: Tab) -> int:
    return {
        Tab.EVERYTHING: now.open,
        Tab.MINE: now.mine,
        Tab.NOBODYS: now.nobodys,
        Tab.PUT_OFF: now.put_off,
        Tab.DONE_TODAY: now.done_today,
    }[tab]


def _among(typed: str) -> Among | None:
    """Find what was typed, forgiving as the lists do: numbers, names, addresses."""
    if not typed:
        return None
    wanted = Filters(words=typed)
    return Among(
        order_ids=[entry.id for entry in find_orders(wanted, limit=_MOST_FOUND).entries],
        parcel_ids=[entry.id for entry in find_parcels(wanted, limit=_MOST_FOUND).entries],
    )


def _ended(row: ExceptionRow, here: Here) -> str:
    it = row.exception
    if it.ending is None or it.ended_at is None:
        return ""
    when = days.said(here.day(it.ended_at), here.today)
    who = names_of({it.ended_by})[it.ended_by] if it.ended_by else ""
    return f"Settled by {who} {when}." if who else f"It ended by itself {when}."


def _seen(desk: Desk, here: Here, back: str) -> rows.Seen:
    names = {member.person.id: member.person.name for member in team()}
    query = QueryDict(mutable=True)
    query["back"] = back
    return rows.Seen(
        here=here,
        at=desk.at,
        names=names,
        url=lambda key: f"{desk.url('console-exception', key)}?{query.urlencode()}",
        order_url=lambda key: _order_url(desk, key),
        shows_names=desk.may(Permission.SHOPPERS_READ),
    )


def _people() -> list[tuple[str, str]]:
    return [(public_id("usr", member.person.id), member.person.name) for member in team()]


def _order_url(desk: Desk, key: str) -> str:
    try:
        return desk.url("console-order", key)
    except NoReverseMatch:
        return ""


def _here(desk: Desk) -> Here:
    return here_of(desk.at, desk.merchant.time_zone)


def _own(desk: Desk, told: str) -> str:
    """Return an address of this shop's pages, else the home's."""
    base = desk.url("console-home")
    parts = urlsplit(told)
    is_ours = not parts.scheme and not parts.netloc and parts.path.startswith(desk.base) and "\\" not in told
    return told if is_ours else base


def _state_of(back: str) -> HomeState:
    return read_state(QueryDict(urlsplit(back).query))


def _chosen(told: Collection[str]) -> dict[UUID, int]:
    """Read the rows of a form, each with the revision that was seen.

    :raises NothingChosen: none.
    :raises ActUnknown: one that cannot be read, or too many.
    """
    if not told:
        raise NothingChosen
    if len(told) > _MOST_CHOSEN:
        raise ActUnknown(f"At most {_MOST_CHOSEN} rows at once.")
    seen = {}
    for each in told:
        key, _, revision = each.partition(".")
        if not revision.isascii() or not revision.isdigit() or len(revision) > 9:
            raise ActUnknown
        seen[_read_key(key)] = int(revision)
    return seen


def _read_key(key: str) -> UUID:
    try:
        return read_public_id("exc", key)
    except BadPublicId:
        raise ExceptionNotFound from None


def _moment(form: QueryDict, here: Here) -> datetime:
    """Read the day to which something is put off: it comes back at eight in the morning."""
    typed = form.get("until_day", "") or form.get("until", "")
    try:
        return here.morning(date.fromisoformat(typed))
    except ValueError:
        raise ActUnknown("Name the day on which it shall come back.") from None


def _holder(key: str, desk: Desk) -> tuple[UUID | None, str]:
    """Read to whom something is given: somebody of the team."""
    if not key:
        return None, ""
    for member in team():
        if public_id("usr", member.person.id) == key:
            return member.person.id, "you" if member.person.id == desk.person.id else member.person.name
    raise ActUnknown("This person is no longer in the team.")


count_in_navigation("home", count_open)

urls = [
    path("", home, name="console-home"),
    path("exceptions/act/", do, name="console-exceptions-act"),
    path("exceptions/undo/", take_back, name="console-exceptions-undo"),
    path("exceptions/<str:exception_key>/", one, name="console-exception"),
    path("figures/<str:measure>/", figure, name="console-figure"),
]
