"""Verdicts in words, in full, for staff. English now; each sentence is whole, so that it can be translated
(`kernel.languages`). What shoppers are told stands at their door (`doors.shopper.presenters.reasons`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from aftermile.capabilities.messaging.policy import Check, CheckName
from aftermile.capabilities.messaging.states import Problem, Status
from aftermile.capabilities.messaging.views import MessageView
from aftermile.kernel.languages import msg

#: What each check found, for staff. The names in braces are the check's facts.
SENTENCES: dict[tuple[CheckName, str], str] = {
    (CheckName.ERASED, "known"): msg("The shopper's data is here."),
    (CheckName.ERASED, "erased"): msg("The shopper's data was erased."),
    (CheckName.ADDRESS, "known"): msg("There is somewhere to write to."),
    (CheckName.ADDRESS, "missing"): msg("Nothing usable is known to write to on this medium."),
    (CheckName.SUPPRESSED, "clear"): msg("The address is on no suppression list."),
    (CheckName.SUPPRESSED, "bounced"): msg("Messages to this address came back, so nothing is sent there."),
    (CheckName.SUPPRESSED, "complained"): msg(
        "The shopper reported a message as spam, so only what belongs to a purchase is sent there."
    ),
    (CheckName.SUPPRESSED, "by_hand"): msg("A staff member put this address on the suppression list."),
    (CheckName.CONSENT, "not_needed"): msg("It belongs to the purchase and needs no consent."),
    (CheckName.CONSENT, "granted"): msg("The shopper agreed to messages of this kind."),
    (CheckName.CONSENT, "refused"): msg("The shopper refused messages of this kind."),
    (CheckName.CONSENT, "never_asked"): msg("The shopper was never asked about messages of this kind."),
    (CheckName.SILENCE, "not_cheerful"): msg("Its tone fits any day."),
    (CheckName.SILENCE, "no_trouble"): msg("Nothing is wrong with the shopper's orders."),
    (CheckName.SILENCE, "in_trouble"): msg(
        "Something is wrong for this shopper, so nothing cheerful is said: {trouble}."
    ),
    (CheckName.QUIET_HOURS, "daytime"): msg("It is not night where the shopper is ({time_zone})."),
    (CheckName.QUIET_HOURS, "cannot_wait"): msg(
        "It is night where the shopper is ({time_zone}), but this cannot wait."
    ),
    (CheckName.QUIET_HOURS, "waits"): msg(
        "It is night where the shopper is ({time_zone}): it waits until {until}."
    ),
    (CheckName.EXPIRED, "never"): msg("It does not go out of date."),
    (CheckName.EXPIRED, "in_time"): msg("It is in time (until {expires_at})."),
    (CheckName.EXPIRED, "too_late"): msg("It would come too late (after {expires_at})."),
    (CheckName.CAP, "not_counted"): msg("Messages that belong to the purchase are not counted."),
    (CheckName.CAP, "below"): msg("{sent} of at most {most} messages in {days} days."),
    (CheckName.CAP, "reached"): msg(
        "The shopper already gets {sent} of at most {most} messages in {days} days."
    ),
}

PROBLEMS: dict[Problem, str] = {
    Problem.REFUSED: msg("The channel refused it for good."),
    Problem.GIVEN_UP: msg("The channel did not take it, try after try."),
    Problem.UNRENDERABLE: msg("It could not be written."),
    Problem.NO_ANSWER: msg(
        "It was handed over and no answer came, so it may have arrived; it is not sent twice."
    ),
    Problem.SENDER_DIED: msg(
        "The sender stopped while handing it over, so it may have arrived; it is not sent twice."
    ),
}


def say_check(check: Check) -> str:
    """Say what a check found, for staff. What was found by a newer or older version is named as it is."""
    sentence = SENTENCES.get((check.name, check.detail))
    if sentence is None:
        return f"{check.name}: {check.detail}"
    return sentence.format_map({name: _plain(value) for name, value in check.facts.items()})


def explain(view: MessageView) -> tuple[str, ...]:
    """Say in full, for staff, why a message was sent or not: where it stands, what brought it about with the conditions
    as they were, then each check in its order."""
    return (_standing(view), *_cause(view), *(say_check(check) for check in view.checks))


def _cause(view: MessageView) -> Iterator[str]:
    cause = view.cause
    if cause.get("journey"):
        happened = _plain(cause.get("happened_at", ""))
        yield f"Asked for by the journey \u201c{cause['journey']}\u201d, because {cause.get('because', '')} ({happened})."
    for each in cause.get("conditions", ()):
        yield f"{'It held' if each['passed'] else 'It did not hold'}: {each['words']} (it was {_plain(each['found'])})."


def _standing(view: MessageView) -> str:
    match view.status:
        case Status.WITHHELD:
            failed = next((check for check in view.checks if check.name == view.withheld_for), None)
            return f"Not sent. {say_check(failed) if failed else view.detail}".strip()
        case Status.FAILED | Status.UNKNOWN if view.problem is not None:
            return f"{PROBLEMS[view.problem]} {view.detail}".strip()
        case Status.PLANNED:
            return f"To be sent at {view.due_at:%Y-%m-%d %H:%M} UTC."
        case Status.TAKEN if view.taken_at is not None:
            return f"Sent at {view.taken_at:%Y-%m-%d %H:%M} UTC by {view.channel}."
        case Status.CANCELLED:
            return "Cancelled before it was sent."
        case _:
            return "Being sent."


def _plain(value: object) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(str(each) for each in value)
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return str(value)
    return f"{moment:%Y-%m-%d %H:%M} UTC" if isinstance(value, str) else str(value)
